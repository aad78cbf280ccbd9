// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.platform.identity.Limits;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What may be spent in a time.
///
/// @param period which time: a line of text, another for each; what is spent is counted for it
/// @param nanos billionths of the currency
public record Budget(String period, long nanos) {
    /// Enough for everybody, and far from where numbers end.
    public static final long MOST = 1_000_000_000_000_000_000L;

    /// Somebody's budget, in the period that a task falls into which was accepted then. Days and
    /// months are those of UTC: `2026-11-28`, `2026-11`, `total`.
    public static Budget of(Limits.Budget budget, Instant accepted) {
        return new Budget(period(budget.period(), accepted), budget.nanos());
    }

    public static String period(Limits.Period period, Instant accepted) {
        String day = LocalDate.ofInstant(accepted, ZoneOffset.UTC).toString();
        return switch (period) {
            case DAY -> day;
            case MONTH -> day.substring(0, day.lastIndexOf('-'));
            case TOTAL -> "total";
        };
    }

    public Budget {
        if (period.isEmpty() || period.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a period must be a line of text");
        }
        if (nanos < 0 || nanos > MOST) {
            throw new IllegalArgumentException("a budget of " + nanos);
        }
    }
}
