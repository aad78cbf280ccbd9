// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Builds a YAML document of mappings. Text stands bare only where every reader of YAML, old or
/// new, takes it for text; else it is in double quotes, on one line.
final class YamlText {
    private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");

    /// What YAML 1.1 or 1.2 takes for something else.
    private static final Set<String> WORDS =
            Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

    private static final int INDENT = 2;
    private static final int MAX_BMP = 0xFFFF;

    private final StringBuilder yaml = new StringBuilder();
    private int depth;

    void mapping(String key, Runnable fields) {
        key(key);
        yaml.append('\n');
        depth++;
        fields.run();
        depth--;
    }

    void text(String key, String text) {
        line(key, scalar(text));
    }

    /// In quotes, also where it could stand bare.
    void quoted(String key, String text) {
        line(key, inQuotes(text));
    }

    void number(String key, long number) {
        line(key, Long.toString(number));
    }

    void duration(String key, Duration duration) {
        line(key, DurationRange.format(duration));
    }

    void list(String key, List<String> items) {
        line(key, items.stream().map(YamlText::scalar).collect(Collectors.joining(", ", "[", "]")));
    }

    private void line(String key, String value) {
        key(key);
        yaml.append(' ').append(value).append('\n');
    }

    private void key(String key) {
        yaml.append(" ".repeat(depth * INDENT)).append(key).append(':');
    }

    private static String scalar(String text) {
        boolean bare =
                BARE.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        return bare ? text : inQuotes(text);
    }

    private static String inQuotes(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> append(quoted, c));
        return quoted.append('"').toString();
    }

    private static void append(StringBuilder quoted, int codePoint) {
        if (codePoint == '"' || codePoint == '\\') {
            quoted.append('\\').appendCodePoint(codePoint);
        } else if (Shown.isVisible(codePoint)) {
            quoted.appendCodePoint(codePoint);
        } else {
            quoted.append((codePoint > MAX_BMP ? "\\U%08X" : "\\u%04X").formatted(codePoint));
        }
    }

    @Override
    public String toString() {
        return yaml.toString();
    }
}
