// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.task.UsageRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// What a task is charged.
///
/// @param acceptedAt as its id says
/// @param nanos what is charged
/// @param absorbed what it cost beyond that
record Charge(UsageRecord usage, Instant acceptedAt, long nanos, long absorbed) {
    UUID task() {
        return usage.claim().task();
    }

    /// The same, and nobody pays for it.
    Charge given() {
        return new Charge(usage, acceptedAt, 0, Math.addExact(nanos, absorbed));
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
}
