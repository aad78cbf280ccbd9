// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A duration as Kubernetes writes them (`200ms`, `1h30m`), both ends included.
record DurationRange(Duration min, Duration max) implements Format<Duration> {
    private static final Pattern PARTS =
            Pattern.compile(
                    "(?=[0-9])(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?"
                            + "(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    @Override
    public Optional<Duration> read(Value value) {
        Optional<String> text = value.scalar(expected(), Tag.STR);
        Optional<Duration> duration = text.flatMap(DurationRange::parse).filter(this::contains);
        if (text.isPresent() && duration.isEmpty()) {
            value.refuse("found " + Shown.quoted(text.get()) + "; expected " + expected());
        }
        return duration;
    }

    private boolean contains(Duration duration) {
        return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    }

    static Optional<Duration> parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                Duration.ofHours(number(parts, 1))
                        .plusMinutes(number(parts, 2))
                        .plusSeconds(number(parts, 3))
                        .plusMillis(number(parts, 4)));
    }

    private static long number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }

    /// The notation that [#parse] reads.
    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        return part(duration.toHours(), "h")
                + part(duration.toMinutesPart(), "m")
                + part(duration.toSecondsPart(), "s")
                + part(duration.toMillisPart(), "ms");
    }

    private static String part(long number, String unit) {
        return number == 0 ? "" : number + unit;
    }

    @Override
    public String expected() {
        return "a duration such as 200ms, 20s or 1h30m, from " + format(min) + " to " + format(max);
    }
}
