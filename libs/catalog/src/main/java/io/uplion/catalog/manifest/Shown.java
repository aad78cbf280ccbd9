// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

/// How messages quote what a manifest says: on one line, and never much of it.
final class Shown {
    private static final int MAX_LENGTH = 60;

    private Shown() {}

    static String quoted(String text) {
        return "'" + plain(text) + "'";
    }

    static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> isVisible(c) ? c : '\uFFFD')
                .forEach(shown::appendCodePoint);
        return text.codePointCount(0, text.length()) > MAX_LENGTH ? shown + "…" : shown.toString();
    }

    /// A space or a character that leaves a mark; not one that breaks lines, hides or reorders
    /// text.
    static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
