// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Reads server-sent events out of pieces of any size: a piece may end inside a character, a line
/// or a CRLF. Lines end in LF, CR or CRLF; several `data:` lines are joined by LF; comments and
/// other fields are passed over. Source: the HTML standard, 9.2.6. Beyond it an event whose name,
/// or one of whose fields, is `error` is told apart: so some servers say that they have failed.
public final class SseDecoder {
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final int KEPT_BYTES = 64 << 10;

    private final int maxEventBytes;
    private final EventSink sink;
    private final EventSink errors;
    private ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private ByteArrayOutputStream data = new ByteArrayOutputStream(512);
    private boolean hasData;
    private boolean isError;
    private boolean skipLineFeed;
    private boolean begun;

    /// @param maxEventBytes an event or line that grows past this is an error
    /// @param sink of all but errors
    /// @param errors of what the server says has failed, also with no data
    public SseDecoder(int maxEventBytes, EventSink sink, EventSink errors) {
        this.maxEventBytes = maxEventBytes;
        this.sink = sink;
        this.errors = errors;
    }

    @FunctionalInterface
    public interface EventSink {
        void event(byte[] data);
    }

    /// @return false when an event is larger than allowed; the decoder is then of no more use
    public boolean feed(byte[] piece) {
        int start = 0;
        for (int i = 0; i < piece.length; i++) {
            byte b = piece[i];
            if (skipLineFeed) {
                skipLineFeed = false;
                if (b == '\n') {
                    start = i + 1;
                    continue;
                }
            }
            if (b == '\n' || b == '\r') {
                endOfLine(piece, start, i);
                start = i + 1;
                skipLineFeed = b == '\r';
            }
        }
        line.write(piece, start, piece.length - start);
        return line.size() <= maxEventBytes && data.size() <= maxEventBytes;
    }

    /// Of an event, or a line, whose end has not come.
    public int heldBytes() {
        return line.size() + data.size();
    }

    /// The stream has ended: an event without its empty line still counts, as some providers leave
    /// it out at the end.
    public void end() {
        if (line.size() > 0) {
            endOfLine(new byte[0], 0, 0);
        }
        dispatch();
    }

    private void endOfLine(byte[] piece, int from, int to) {
        if (line.size() == 0) {
            line(piece, from, to);
            return;
        }
        line.write(piece, from, to - from);
        byte[] whole = line.toByteArray();
        line = emptied(line);
        line(whole, 0, whole.length);
    }

    private void line(byte[] bytes, int first, int to) {
        int from = begun ? first : afterMark(bytes, first, to);
        begun = true;
        if (from == to) {
            dispatch();
            return;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, to);
        if (value < to && bytes[value] == ' ') {
            value++;
        }
        if (is(DATA, bytes, from, colon)) {
            data(bytes, value, to);
        } else if (is(EVENT, bytes, from, colon)) {
            isError = is(ERROR, bytes, value, to);
        } else if (is(ERROR, bytes, from, colon)) {
            isError = true;
            data(bytes, value, to);
        }
    }

    private static boolean is(byte[] word, byte[] bytes, int from, int to) {
        return Arrays.equals(bytes, from, to, word, 0, word.length);
    }

    private void data(byte[] bytes, int value, int to) {
        if (hasData) {
            data.write('\n');
        }
        hasData = true;
        data.write(bytes, value, to - value);
    }

    /// The standard lets a stream begin with a byte order mark.
    private static int afterMark(byte[] bytes, int from, int to) {
        int length = BYTE_ORDER_MARK.length;
        boolean marked =
                to - from >= length
                        && Arrays.equals(bytes, from, from + length, BYTE_ORDER_MARK, 0, length);
        return marked ? from + length : from;
    }

    private void dispatch() {
        if (!hasData && !isError) {
            return;
        }
        byte[] event = data.toByteArray();
        EventSink told = isError ? errors : sink;
        data = emptied(data);
        hasData = false;
        isError = false;
        told.event(event);
    }

    /// A stream lives long: what one large event needed is not kept for the small ones.
    private static ByteArrayOutputStream emptied(ByteArrayOutputStream used) {
        if (used.size() > KEPT_BYTES) {
            return new ByteArrayOutputStream(512);
        }
        used.reset();
        return used;
    }
}
