// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.task.Claim;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/// One row of what pages read.
record RollupKey(
        UUID account, Instant hour, UUID user, UUID key, String model, String pool, String outcome)
        implements Comparable<RollupKey> {
    /// In the place of the key of a browser session.
    private static final UUID NOBODY = new UUID(0, 0);

    private static final Comparator<RollupKey> ORDER =
            Comparator.comparing(RollupKey::account)
                    .thenComparing(RollupKey::hour)
                    .thenComparing(RollupKey::user)
                    .thenComparing(RollupKey::key)
                    .thenComparing(RollupKey::model)
                    .thenComparing(RollupKey::pool)
                    .thenComparing(RollupKey::outcome);

    static RollupKey of(Charge charge) {
        Claim claim = charge.usage().claim();
        return new RollupKey(
                claim.account(),
                charge.hour(),
                claim.user(),
                claim.key().orElse(NOBODY),
                claim.model(),
                claim.pool(),
                charge.usage().outcome().name());
    }

    /// The account's own, whoever used it: there times are counted.
    RollupKey ofAccount() {
        return new RollupKey(account, hour, NOBODY, NOBODY, model, pool, outcome);
    }

    /// Of the whole platform, by the day.
    RollupKey ofEverybody() {
        Instant day = hour.truncatedTo(ChronoUnit.DAYS);
        return new RollupKey(NOBODY, day, NOBODY, NOBODY, model, pool, outcome);
    }

    /// Nobody's is a browser session's.
    Optional<UUID> itsKey() {
        return key.equals(NOBODY) ? Optional.empty() : Optional.of(key);
    }

    @Override
    public int compareTo(RollupKey other) {
        return ORDER.compare(this, other);
    }
}
