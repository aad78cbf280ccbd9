// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.platform.settings.Settings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// For how long the ledger keeps a month.
///
/// @param months beside the current one; 0 for ever
public record Retention(int months) {
    public static final Retention FOR_EVER = new Retention(0);
    private static final int MOST = 1_200;

    public static Retention read(Settings settings) {
        return new Retention(settings.integer("UPLION_BILLING_LEDGER_MONTHS", 0, 0, MOST));
    }

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
