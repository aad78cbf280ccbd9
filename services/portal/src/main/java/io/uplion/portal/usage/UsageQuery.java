// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// What is asked about usage.
///
/// @param from whole hours; in it
/// @param to whole hours; no longer in it
/// @param by what rows are told apart by, beside time
/// @param only what they are narrowed to
public record UsageQuery(
        Instant from, Instant to, Step step, List<Dimension> by, Map<Dimension, String> only) {
    public UsageQuery {
        by = List.copyOf(by);
        only = Map.copyOf(only);
    }

    /// Whether sums of whole days over everybody are enough: there are a few of them for each day.
    boolean isOfWholeDays() {
        return step != Step.HOUR
                && isDay(from)
                && isDay(to)
                && by.stream().noneMatch(Dimension::isId)
                && only.keySet().stream().noneMatch(Dimension::isId);
    }

    private static boolean isDay(Instant time) {
        return time.truncatedTo(ChronoUnit.DAYS).equals(time);
    }
}
