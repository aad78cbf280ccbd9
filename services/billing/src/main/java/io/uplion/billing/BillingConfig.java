// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.ledger.Retention;
import io.uplion.platform.settings.Settings;
import java.time.Duration;
import java.util.Map;

/// Every setting of billing that does not depend on where it runs, with its default.
///
/// @param batch how much is written in one transaction
/// @param retention of the ledger
/// @param reconcileEvery how often the books are compared
/// @param journalKeep for how long a part of the journal stays that is billed
public record BillingConfig(
        UsageSource.Bounds batch,
        Retention retention,
        Duration reconcileEvery,
        Duration journalKeep) {
    static final String PREFIX = "UPLION_BILLING_";
    private static final int BATCH = 20_000;

    public static BillingConfig read(Settings settings) {
        return new BillingConfig(
                new UsageSource.Bounds(
                        settings.integer(PREFIX + "BATCH", BATCH, 1, BATCH),
                        settings.duration(PREFIX + "BATCH_WAIT", Duration.ofMillis(200))),
                Retention.read(settings),
                settings.duration(PREFIX + "RECONCILE_EVERY", Duration.ofHours(1)),
                settings.duration(PREFIX + "JOURNAL_KEEP", Duration.ofHours(24)));
    }

    /// Without any setting given.
    public static BillingConfig defaults() {
        return read(new Settings(Map.of()));
    }
}
