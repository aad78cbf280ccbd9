// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Text that follows a rule.
///
/// @param expected the rule in words
/// @param shown whether a message may repeat the text; not where a misplaced secret may stand
record TextFormat(String expected, Predicate<String> rule, boolean shown)
        implements Format<String> {
    private static final int MAX_MODEL_NAME = 200;
    private static final int MAX_PATH = 4096;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    static final TextFormat DNS_LABEL =
            new TextFormat(
                    "a DNS label: 1 to 63 of a-z, 0-9 and -, neither first nor last a -",
                    matches(LABEL),
                    true);

    static final TextFormat MODEL_NAME =
            new TextFormat(
                    "a model name: 1 to 200 printable characters without spaces",
                    TextFormat::isModelName,
                    true);

    static final TextFormat GROUP =
            new TextFormat(
                    "a group's name: 1 to 200 printable characters, no space at either end",
                    TextFormat::isGroup,
                    true);

    static final TextFormat SECRET_NAME =
            new TextFormat(
                    "the name of a Kubernetes secret: DNS labels with dots between them",
                    text ->
                            text.length() <= 253
                                    && matches(LABEL + "(\\." + LABEL + ")*").test(text),
                    false);

    /// Kubernetes' rule; `.` and `..` would be directories on a laptop.
    static final TextFormat SECRET_KEY =
            new TextFormat(
                    "a key of the secret: 1 to 253 of A-Z, a-z, 0-9, -, _ and .",
                    matches("(?!\\.\\.)(?!\\.$)[A-Za-z0-9._-]{1,253}"),
                    false);

    static final TextFormat ENVIRONMENT_VARIABLE =
            new TextFormat(
                    "the name of an environment variable: A-Z, a-z, 0-9 and _",
                    matches("[A-Za-z_][A-Za-z0-9_]{0,254}"),
                    false);

    static final TextFormat FILE_PATH = new TextFormat("a file's path", TextFormat::isPath, false);

    @Override
    public Optional<String> read(Value value) {
        Optional<String> text = value.text(expected);
        if (text.isEmpty() || rule.test(text.get())) {
            return text;
        }
        String found = shown ? Shown.quoted(text.get()) : "other text";
        value.refuse("found " + found + "; expected " + expected);
        return Optional.empty();
    }

    private static Predicate<String> matches(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }

    static boolean isModelName(String text) {
        return isPrintable(text) && text.codePoints().noneMatch(Character::isSpaceChar);
    }

    private static boolean isPath(String text) {
        try {
            return !text.isBlank()
                    && text.length() <= MAX_PATH
                    && !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static boolean isGroup(String text) {
        return isPrintable(text) && text.equals(text.strip());
    }

    private static boolean isPrintable(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_MODEL_NAME
                && text.codePoints().allMatch(Shown::isVisible);
    }
}
