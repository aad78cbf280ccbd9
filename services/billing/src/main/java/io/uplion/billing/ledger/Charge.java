// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.task.UsageRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/// What a task is charged.
///
/// @param acceptedAt as its id says
/// @param nanos what is charged
/// @param absorbed what it cost beyond the most that was to be charged
record Charge(UsageRecord usage, Instant acceptedAt, long nanos, long absorbed) {
    static final String TOTAL = "total";
    private static final int DAY = "2026-11-28".length();
    private static final int MONTH = "2026-11".length();

    UUID task() {
        return usage.claim().task();
    }

    UUID account() {
        return usage.claim().account();
    }

    Instant hour() {
        return acceptedAt.truncatedTo(ChronoUnit.HOURS);
    }

    LocalDate month() {
        return acceptedAt.atOffset(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
    }

    /// For what it counts, as budgets name it; in UTC.
    List<String> periods() {
        String time = acceptedAt.toString();
        return List.of(time.substring(0, DAY), time.substring(0, MONTH), TOTAL);
    }
}
