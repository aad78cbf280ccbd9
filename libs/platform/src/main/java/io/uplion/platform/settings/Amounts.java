// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts as people write them.
public final class Amounts {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h)?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

    private Amounts() {}

    /// `250ms`, `15s`, `10m`, `1h`; a bare number is seconds.
    ///
    /// @throws IllegalArgumentException with words for a person
    public static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be a time such as 250ms, 15s, 10m or 1h");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case null, default -> Duration.ofSeconds(amount);
        };
    }

    /// `1048576`, `512KiB`, `64MiB`, `2GiB`.
    ///
    /// @throws IllegalArgumentException with words for a person
    public static long bytes(String text) {
        Matcher parts = BYTES.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be a size such as 65536, 512KiB or 64MiB");
        }
        long amount = Long.parseLong(parts.group(1));
        int shift =
                switch (parts.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    case null, default -> 0;
                };
        if (amount > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("must be a size below 8 EiB");
        }
        return amount << shift;
    }
}
