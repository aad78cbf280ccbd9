// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// For how long the ledger keeps a month.
///
/// @param months beside the current one; 0 for ever
public record Retention(int months) {
    public static final Retention FOR_EVER = new Retention(0);

    public boolean isForEver() {
        return months == 0;
    }

    /// What is older may go.
    public Instant begin(Instant now) {
        return isForEver() ? Instant.MIN : firstMonth(now).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    LocalDate firstMonth(Instant now) {
        return now.atOffset(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1).minusMonths(months);
    }
}
