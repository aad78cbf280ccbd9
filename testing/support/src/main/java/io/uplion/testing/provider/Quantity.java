// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The values of the mini language: `3`, `20ms`, `2s`, `10MB`.
final class Quantity {
    private static final Pattern FORM = Pattern.compile("([0-9]+)([A-Za-z]*)");

    private Quantity() {}

    static int count(String text) {
        Matcher matcher = match(text, "a number");
        if (!matcher.group(2).isEmpty()) {
            throw new BadScript("Not a number: '" + text + "'");
        }
        return Math.toIntExact(Long.parseLong(matcher.group(1)));
    }

    /// A number without a unit is seconds, as in a Retry-After header.
    static Duration duration(String text) {
        Matcher matcher = match(text, "a duration");
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> Duration.ofNanos(amount * 1000);
            case "ms" -> Duration.ofMillis(amount);
            case "s", "" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> throw new BadScript("Not a duration (us, ms, s, m): '" + text + "'");
        };
    }

    static int bytes(String text) {
        Matcher matcher = match(text, "a size");
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "", "B" -> Math.toIntExact(amount);
            case "KB" -> Math.toIntExact(amount * 1024);
            case "MB" -> Math.toIntExact(amount * 1024 * 1024);
            default -> throw new BadScript("Not a size (B, KB, MB): '" + text + "'");
        };
    }

    private static Matcher match(String text, String what) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            throw new BadScript("Not " + what + ": '" + text + "'");
        }
        return matcher;
    }
}
