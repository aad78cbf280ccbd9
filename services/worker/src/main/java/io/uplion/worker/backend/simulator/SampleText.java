// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A string that a schema allows.
record SampleText(Patterns patterns) {
    private static final String WORD = "simulated";
    private static final int MAX_LENGTH = 10_000;

    /// `%d` is a number that makes one of several different.
    private static final Map<String, String> FORMATS =
            Map.ofEntries(
                    Map.entry("date", "20%02d-01-01"),
                    Map.entry("date-time", "20%02d-01-01T00:00:00Z"),
                    Map.entry("time", "00:00:%02dZ"),
                    Map.entry("duration", "P%dD"),
                    Map.entry("email", "simulator%d@example.com"),
                    Map.entry("hostname", "host%d.example.com"),
                    Map.entry("ipv4", "192.0.2.%d"),
                    Map.entry("ipv6", "2001:db8::%d"),
                    Map.entry("uri", "https://example.com/%d"),
                    Map.entry("uuid", "00000000-0000-4000-8000-%012d"));

    /// @return nothing where no length is right, or nothing was found for the pattern
    Optional<String> of(JsonNode schema, int variant) {
        int least = length(schema.path("minLength"), 0);
        int most = length(schema.path("maxLength"), Integer.MAX_VALUE);
        if (least > most || least > MAX_LENGTH) {
            return Optional.empty();
        }
        JsonNode pattern = schema.path("pattern");
        if (!pattern.isTextual()) {
            return Optional.of(plain(schema, least, most, variant));
        }
        String plain = plain(schema, least, most, variant);
        return patterns.find(pattern.textValue(), plain)
                ? Optional.of(plain)
                : patterns.sample(pattern.textValue(), least, most, variant);
    }

    private static String plain(JsonNode schema, int least, int most, int variant) {
        String format = FORMATS.get(schema.path("format").asText());
        if (format != null) {
            String text = String.format(Locale.ROOT, format, 1 + variant % 50);
            if (text.length() >= least && text.length() <= most) {
                return text;
            }
        }
        String word = variant == 0 ? WORD : WORD + " " + variant;
        String padded = word + " ".concat(WORD).repeat(padding(least, word.length()));
        int end = Math.min(most, Math.max(least, word.length()));
        return padded.substring(0, Math.min(padded.length(), end));
    }

    /// A name that an expression allows.
    Optional<String> matching(String pattern, int variant) {
        return patterns.sample(pattern, 1, MAX_LENGTH, variant);
    }

    boolean matches(String pattern, String name) {
        return patterns.find(pattern, name);
    }

    private static int padding(int least, int length) {
        return least <= length ? 0 : Math.ceilDiv(least - length, WORD.length() + 1);
    }

    private static int length(JsonNode bound, int none) {
        return bound.isNumber() ? (int) Math.clamp(bound.asDouble(), 0, Integer.MAX_VALUE) : none;
    }
}
