// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.List;

/// The tokens of one choice, all choices of an answer being alike.
sealed interface Tokens {
    int count();

    String token(int index);

    default String whole() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            all.append(token(i));
        }
        return all.toString();
    }

    /// `t0 t1 t2 …`; unique, so that a reader can tell a gap from a repetition.
    record Numbered(int count, String suffix) implements Tokens {
        @Override
        public String token(int index) {
            return (index == 0 ? "t" : " t") + index + suffix;
        }
    }

    record Given(List<String> pieces) implements Tokens {
        @Override
        public int count() {
            return pieces.size();
        }

        @Override
        public String token(int index) {
            return pieces.get(index);
        }
    }

    /// Characters of 2, 3 and 4 bytes in UTF-8.
    String WIDE = "\u00e9\u20ac\ud83d\ude00";

    /// A tool call's arguments, in the pieces they are streamed in.
    List<String> ARGUMENTS = List.of("{\"ci", "ty\":", "\"Ber", "lin\"", "}");

    static Tokens of(Script.Text text, Asked asked, long serial) {
        int limit = asked.mode().limit();
        return switch (text) {
            case Script.Text.Numbered numbered ->
                    new Numbered(Math.min(numbered.tokens(), limit), numbered.suffix(serial));
            case Script.Text.Echo() -> given(Words.pieces(asked.prompt().lastText()), limit);
            case Script.Text.Tool() -> new Given(ARGUMENTS);
        };
    }

    /// Whether the client's limit cuts the answer short.
    static boolean limited(Script.Text text, Asked asked) {
        int limit = asked.mode().limit();
        return switch (text) {
            case Script.Text.Numbered numbered -> limit < numbered.tokens();
            case Script.Text.Echo() -> limit < Words.count(asked.prompt().lastText());
            case Script.Text.Tool() -> false;
        };
    }

    private static Tokens given(List<String> pieces, int limit) {
        return new Given(pieces.subList(0, Math.min(pieces.size(), limit)));
    }
}
