// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.queue.KeptLetters.KeptLetter;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Letters for a terminal. Clients and providers wrote most of what is in them, so nothing in them
/// may be taken for a command to the terminal.
final class LetterText {
    private static final int REASON_CHARS = 200;
    private static final int BODY_CHARS = 64 << 10;

    private LetterText() {}

    static String line(KeptLetter letter) {
        return String.join(
                "  ",
                letter.failure().writtenAt().toString(),
                letter.requestId(),
                printable(letter.model()),
                "pool " + printable(letter.failure().pool()),
                letter.bodyBytes() + " bytes",
                cut(printable(letter.failure().reason()), REASON_CHARS));
    }

    static String whole(KeptLetter letter) {
        StringBuilder text = new StringBuilder();
        text.append("request  ").append(letter.requestId());
        text.append("\nmodel    ").append(printable(letter.model()));
        text.append("\npool     ").append(printable(letter.failure().pool()));
        text.append("\nwritten  ").append(letter.failure().writtenAt());
        text.append("\nreason   ").append(printable(letter.failure().reason()));
        new TreeMap<>(letter.headers())
                .forEach(
                        (name, value) ->
                                text.append("\nheader   ").append(printable(name + ": " + value)));
        text.append("\nbody     ").append(letter.bodyBytes()).append(" bytes");
        if (letter.body().length > 0) {
            String body = new String(letter.body(), StandardCharsets.UTF_8);
            text.append("\n\n").append(cut(printable(body), BODY_CHARS));
        } else if (letter.bodyBytes() > 0) {
            text.append(", too many to be kept");
        }
        return text.toString();
    }

    private static String cut(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "… (" + (text.length() - most) + " more)";
    }

    /// On one line.
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        character -> {
                            if (isHarmless(character)) {
                                printable.appendCodePoint(character);
                            } else {
                                printable.append("\\u").append("%04x".formatted(character));
                            }
                        });
        return printable.toString();
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
