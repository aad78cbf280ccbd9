// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a provider wants to be asked again: `retry-after-ms`, or `retry-after` in seconds or as a
/// date.
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    static Optional<Duration> read(@Nullable String millis, @Nullable String seconds, Instant now) {
        Optional<Duration> wait = number(millis).map(ms -> Duration.ofMillis((long) (double) ms));
        if (wait.isEmpty()) {
            wait = number(seconds).map(s -> Duration.ofMillis((long) (s * 1000)));
        }
        if (wait.isEmpty()) {
            wait = date(seconds).map(at -> Duration.between(now, at));
        }
        return wait.map(RetryAfter::bounded);
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Optional<Double> number(@Nullable String text) {
        try {
            double number = text == null ? -1 : Double.parseDouble(text.strip());
            return number >= 0 && number < 1e12 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> date(@Nullable String text) {
        try {
            return text == null
                    ? Optional.empty()
                    : Optional.of(
                            ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
