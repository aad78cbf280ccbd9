// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// An HTTP/1.1 client that sends any bytes at any speed, over one connection to the loopback
/// address.
public final class RawHttp implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);

    private final Socket socket;
    private final WireReader reader;

    private RawHttp(Socket socket, Intake intake) throws IOException {
        this.socket = socket;
        this.reader = new WireReader(intake.of(socket.getInputStream()));
    }

    /// @param url of which host and port are used
    public static RawHttp connect(String url) {
        return connect(url, Intake.EAGER);
    }

    /// @param url of which host and port are used
    public static RawHttp connect(String url, Intake intake) {
        URI uri = URI.create(url);
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("Not on the loopback address: " + url);
        }
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (intake.kernelBuffer() > 0) {
                socket.setReceiveBufferSize(intake.kernelBuffer());
            }
            socket.connect(address, CONNECT_MILLIS);
            return new RawHttp(socket, intake).waitAtMost(READ_LIMIT);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new UncheckedIOException("Cannot connect to " + url, e);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The failure to connect is what is told.
        }
    }

    /// How long a read waits for the next byte; 10 s unless told, zero: for ever.
    public RawHttp waitAtMost(Duration limit) {
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawHttp send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends so many bytes at a time, with a pause after each piece.
    public RawHttp sendSlowly(String text, int piece, Duration pause) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += piece) {
            send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
            LockSupport.parkNanos(pause.toNanos());
        }
        return this;
    }

    public RawHttp get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n");
    }

    public RawHttp post(String path, String json) {
        return post(path, json, Map.of());
    }

    public RawHttp post(String path, String json, Map<String, String> headers) {
        return send(postText(path, json, headers));
    }

    /// The bytes of a well-formed request, to be sent in pieces or spoilt first.
    public static String postText(String path, String json, Map<String, String> headers) {
        StringBuilder text = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
        text.append("host: localhost\r\ncontent-type: application/json\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return text.append("content-length: " + length + "\r\n\r\n").append(json).toString();
    }

    /// Closes the sending half: the server sees the end of the stream and can still answer.
    public RawHttp finishSending() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the head only; the body follows with [#readByte].
    public ResponseHead readHead() {
        return reader.head();
    }

    /// The body's next byte, or -1 at its end, however it came about.
    public int readByte() {
        return reader.read();
    }

    /// Reads a whole answer; the next one on the connection can be read after it.
    public RawResponse readResponse() {
        ResponseHead head = reader.head();
        return new RawResponse(head, readBody(), reader.end());
    }

    /// Reads what is left of the body.
    public String readBody() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int next = reader.read(); next >= 0; next = reader.read()) {
            body.write(next);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /// How the body ended. While it has not, [BodyEnd#COMPLETE].
    public BodyEnd end() {
        return reader.end();
    }

    /// Goes away with a TCP reset.
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes away with an orderly close.
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
