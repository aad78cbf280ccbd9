// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.ArrayList;
import java.util.List;

/// The fake's tokenizer: a token is a word.
final class Words {
    private Words() {}

    static int count(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = isSpace(text.charAt(i));
            if (!space && !inWord) {
                words++;
            }
            inWord = !space;
        }
        return words;
    }

    /// Every character of every request passes here: the usual ones are decided without a table.
    private static boolean isSpace(char c) {
        return c <= ' ' || (c > 127 && Character.isWhitespace(c));
    }

    /// The words with the whitespace before each, so that together they are the text again.
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            boolean begins = isSpace(text.charAt(i)) && !isSpace(text.charAt(i - 1));
            if (begins) {
                pieces.add(text.substring(start, i));
                start = i;
            }
        }
        if (start < text.length()) {
            pieces.add(text.substring(start));
        }
        return pieces;
    }
}
