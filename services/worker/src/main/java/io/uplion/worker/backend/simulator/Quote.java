// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

/// A short piece of what the client sent.
final class Quote {
    private static final int MAX_CHARS = 200;

    private Quote() {}

    /// White space is folded: what was a page becomes a line.
    static String of(String text) {
        StringBuilder quote = new StringBuilder();
        boolean space = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                space = !quote.isEmpty();
                continue;
            }
            if (quote.length() + (space ? 1 : 0) + Character.charCount(c) > MAX_CHARS - 1) {
                return quote.append('…').toString();
            }
            if (space) {
                quote.append(' ');
            }
            quote.appendCodePoint(c);
            space = false;
        }
        return quote.toString();
    }
}
