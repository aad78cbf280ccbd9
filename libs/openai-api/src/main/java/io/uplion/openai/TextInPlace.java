// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.util.function.IntConsumer;

/// A JSON string where it stands in a body. Prompts have megabytes, and a decoded one takes twice
/// as many: what is only to be counted or quoted is read from the bytes themselves.
///
/// Nothing here checks the string: a parser that goes past it does.
public final class TextInPlace {
    private static final int UNICODE_ESCAPE = 6;
    private static final int SIMPLE_ESCAPE = 2;

    private final byte[] json;
    private int at;

    /// @param quote where the string's opening quote stands
    private TextInPlace(byte[] json, int quote) {
        this.json = json;
        this.at = quote + 1;
    }

    /// What [TokenEstimate#of] says of the string.
    public static long tokens(byte[] json, int quote) {
        TextInPlace text = new TextInPlace(json, quote);
        long ascii = text.plain();
        long other = 0;
        for (int c = text.next(); c >= 0; c = text.next()) {
            ascii += text.plain();
            if (c < 0x80) {
                ascii++;
            } else if (!isLowSurrogate(c)) {
                other++;
            }
        }
        return TokenEstimate.of(ascii, other);
    }

    /// The first characters of the string, decoded.
    public static String beginning(byte[] json, int quote, int maxChars) {
        TextInPlace text = new TextInPlace(json, quote);
        StringBuilder beginning = new StringBuilder();
        for (int c = text.next(); c >= 0 && beginning.length() < maxChars; c = text.next()) {
            beginning.appendCodePoint(c);
        }
        return beginning.toString();
    }

    /// Its characters one after the other.
    public static void read(byte[] json, int quote, IntConsumer codePoints) {
        TextInPlace text = new TextInPlace(json, quote);
        for (int c = text.next(); c >= 0; c = text.next()) {
            codePoints.accept(c);
        }
    }

    /// Passes over what is ASCII and not escaped: nearly all, and nobody needs to decode it.
    ///
    /// @return how many characters these were
    private int plain() {
        int from = at;
        int end = from;
        while (end < json.length && json[end] >= 0 && json[end] != '"' && json[end] != '\\') {
            end++;
        }
        at = end;
        return end - from;
    }

    /// The next code point, half a surrogate pair where that was escaped alone, or -1 at the end.
    private int next() {
        if (at >= json.length || json[at] == '"') {
            return -1;
        }
        int b = json[at];
        if (b == '\\') {
            return escaped();
        }
        at++;
        if (b >= 0) {
            return b;
        }
        int c = b & (0x3F >> continuations(b));
        for (int i = continuations(b); i > 0 && at < json.length; i--) {
            c = (c << 6) | (json[at++] & 0x3F);
        }
        return c;
    }

    /// Bytes that follow the first one of a character.
    private static int continuations(int first) {
        if ((first & 0xE0) == 0xC0) {
            return 1;
        }
        return (first & 0xF0) == 0xE0 ? 2 : 3;
    }

    private int escaped() {
        int kind = at + 1 < json.length ? json[at + 1] : -1;
        if (kind == 'u') {
            int c = unit(at);
            at += UNICODE_ESCAPE;
            boolean second = at + 1 < json.length && json[at] == '\\' && json[at + 1] == 'u';
            if (second && Character.isSurrogatePair((char) c, (char) unit(at))) {
                c = Character.toCodePoint((char) c, (char) unit(at));
                at += UNICODE_ESCAPE;
            }
            return c;
        }
        at += SIMPLE_ESCAPE;
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    /// @param escape where a backslash, `u` and four hexadecimal digits stand
    private int unit(int escape) {
        int unit = 0;
        for (int i = escape + 2; i < escape + UNICODE_ESCAPE && i < json.length; i++) {
            unit = unit << 4 | Math.max(0, Character.digit(json[i], 16));
        }
        return unit;
    }

    private static boolean isLowSurrogate(int c) {
        return c >= Character.MIN_LOW_SURROGATE && c <= Character.MAX_LOW_SURROGATE;
    }
}
