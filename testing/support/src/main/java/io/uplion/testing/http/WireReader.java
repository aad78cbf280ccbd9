// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Reads HTTP/1.1 answers byte by byte from a socket and remembers how the bytes ended.
final class WireReader {
    private static final int END = -1;

    private final InputStream in;
    private boolean chunked;
    private boolean toTheClose;
    private long left;
    private boolean firstChunk;
    private BodyEnd end = BodyEnd.COMPLETE;
    private boolean ended;

    WireReader(InputStream in) {
        this.in = in;
    }

    /// The next answer's head; interim answers (1xx) are skipped.
    ResponseHead head() {
        try {
            ResponseHead head = oneHead();
            while (head.status() / 100 == 1) {
                head = oneHead();
            }
            startBody(head);
            return head;
        } catch (IOException e) {
            stop(ending(e));
            return ResponseHead.NONE;
        }
    }

    private ResponseHead oneHead() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            headers.merge(name, value, (one, other) -> one + ", " + other);
        }
        String[] parts = status.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("Not a status line: " + status);
        }
        return new ResponseHead(Integer.parseInt(parts[1]), headers);
    }

    private void startBody(ResponseHead head) {
        chunked = head.header("transfer-encoding").equals("chunked");
        String length = head.header("content-length");
        boolean bodiless = head.status() == 204 || head.status() == 304;
        toTheClose = !bodiless && !chunked && length.isEmpty();
        left = toTheClose ? Long.MAX_VALUE : bodiless || chunked ? 0 : Long.parseLong(length);
        firstChunk = true;
        ended = false;
        if (left == 0 && !chunked) {
            stop(BodyEnd.COMPLETE);
        }
    }

    /// The body's next byte, or -1 at its end.
    int read() {
        if (ended) {
            return END;
        }
        try {
            if (chunked && left == 0 && !nextChunk()) {
                stop(BodyEnd.COMPLETE);
                return END;
            }
            int next = in.read();
            if (next < 0) {
                stop(toTheClose ? BodyEnd.COMPLETE : BodyEnd.TRUNCATED);
                return END;
            }
            left--;
            if (left == 0 && !chunked) {
                stop(BodyEnd.COMPLETE);
            }
            return next;
        } catch (IOException e) {
            stop(ending(e));
            return END;
        }
    }

    private boolean nextChunk() throws IOException {
        if (!firstChunk) {
            line();
        }
        firstChunk = false;
        left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
        if (left > 0) {
            return true;
        }
        while (!line().isEmpty()) {
            // trailers are of no interest
        }
        return false;
    }

    BodyEnd end() {
        return end;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new ClosedEarly();
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void stop(BodyEnd how) {
        end = how;
        ended = true;
    }

    private static BodyEnd ending(IOException e) {
        return switch (e) {
            case ClosedEarly _ -> BodyEnd.TRUNCATED;
            case SocketTimeoutException _ -> BodyEnd.STALLED;
            default -> BodyEnd.RESET;
        };
    }

    private static final class ClosedEarly extends IOException {
        private static final long serialVersionUID = 1;
    }
}
