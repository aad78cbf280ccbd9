// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Tells a stream's tokens and comments as their bytes come in, wherever the pieces are cut. The
/// fake provider numbers its tokens: `t0`, `t1`, …
final class EventReader {
    private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Sink sink;
    private byte[] line = new byte[1024];
    private int length;

    EventReader(Sink sink) {
        this.sink = sink;
    }

    interface Sink {
        void token(int number);

        void comment();

        void done();
    }

    void feed(byte[] piece) {
        for (byte next : piece) {
            if (next == '\n') {
                line();
                length = 0;
            } else {
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = next;
            }
        }
    }

    private void line() {
        if (length == 0) {
            return;
        }
        if (line[0] == ':') {
            sink.comment();
        } else if (startsWith(DONE, 0)) {
            sink.done();
        } else {
            token();
        }
    }

    private void token() {
        for (int i = 0; i + CONTENT.length < length; i++) {
            if (line[i] == '"' && startsWith(CONTENT, i)) {
                int number = number(i + CONTENT.length);
                if (number >= 0) {
                    sink.token(number);
                }
                return;
            }
        }
    }

    /// @return -1 where the content is no token of the fake provider
    private int number(int from) {
        int i = line[from] == ' ' ? from + 1 : from;
        if (line[i] != 't') {
            return -1;
        }
        int number = 0;
        for (i++; i < length && line[i] >= '0' && line[i] <= '9'; i++) {
            number = 10 * number + line[i] - '0';
        }
        return number;
    }

    private boolean startsWith(byte[] start, int at) {
        if (at + start.length > length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (line[at + i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
