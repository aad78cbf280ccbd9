// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.ArrayList;
import java.util.List;

/// The simulator's tokenizer: a token is a word with the space before it, or one sign. Joined they
/// give the text again.
final class Pieces {
    private static final int MAX_CODE_POINTS = 16;

    private Pieces() {}

    static List<String> of(String text) {
        String clean = wellFormed(text);
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < clean.length()) {
            int to = end(clean, from);
            pieces.add(clean.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static int end(String text, int from) {
        int at = run(text, from, true, MAX_CODE_POINTS);
        if (at == text.length() || isSpace(text.codePointAt(at))) {
            return at;
        }
        int word = run(text, at, false, MAX_CODE_POINTS);
        return word > at ? word : at + Character.charCount(text.codePointAt(at));
    }

    /// @param spaces a run of white space, else one of letters and digits
    private static int run(String text, int from, boolean spaces, int max) {
        int at = from;
        for (int count = 0; count < max && at < text.length(); count++) {
            int c = text.codePointAt(at);
            if (spaces ? !isSpace(c) : !Character.isLetterOrDigit(c)) {
                return at;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c);
    }

    /// JSON can escape half a surrogate pair; UTF-8 cannot carry it.
    private static String wellFormed(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
