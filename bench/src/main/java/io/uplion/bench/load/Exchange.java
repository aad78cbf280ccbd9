// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// One connection that asks, waits, and asks again, and takes times where the bytes arrive. It
/// blocks, so that nothing stands between the socket and the clock.
public final class Exchange implements AutoCloseable {
    private static final int READ_LIMIT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;
    private long readAt;
    private int status;
    private long firstByteAt;
    private long bodyBytes;

    private Exchange(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    public static Exchange connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        socket.connect(new InetSocketAddress(host, port), READ_LIMIT_MILLIS);
        return new Exchange(socket);
    }

    /// Waits until somebody listens.
    public static void awaitListener(int port, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try (Exchange _ = connect("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new UncheckedIOException("nobody listens on port " + port, e);
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /// What one exchange took and brought.
    ///
    /// @param firstNanos to the first byte of the body
    /// @param lastNanos to its last
    public record Times(int status, long firstNanos, long lastNanos, long bodyBytes) {}

    /// Sends a request and reads the whole answer.
    public Times ask(byte[] request) throws IOException {
        firstByteAt = 0;
        bodyBytes = 0;
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        readBody(readHead());
        long first = firstByteAt == 0 ? readAt : firstByteAt;
        return new Times(status, first - start, readAt - start, bodyBytes);
    }

    /// @return the body's length; -1 where it comes in chunks
    private long readHead() throws IOException {
        status = Integer.parseInt(line().split(" ")[1]);
        long length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                length = -1;
            }
        }
        return length;
    }

    private void readBody(long length) throws IOException {
        if (length >= 0) {
            skip(length);
            return;
        }
        while (true) {
            long chunk = Long.parseLong(line(), 16);
            if (chunk == 0) {
                line();
                return;
            }
            skip(chunk);
            line();
        }
    }

    private void skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            fill();
            if (firstByteAt == 0) {
                firstByteAt = readAt;
            }
            int taken = (int) Math.min(left, to - from);
            from += taken;
            left -= taken;
        }
        bodyBytes += length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fill();
            byte next = buffer[from++];
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) (next & 0xff));
        }
    }

    private void fill() throws IOException {
        if (from < to) {
            return;
        }
        from = 0;
        to = in.read(buffer);
        readAt = System.nanoTime();
        if (to <= 0) {
            to = 0;
            throw new EOFException("the connection ended in mid-answer");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
