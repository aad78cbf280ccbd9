// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;

/// Says what a usage record costs, or why it is none that can be billed.
final class Judge {
    /// There was no platform before.
    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

    /// Clocks differ, but not by more.
    private static final Duration AHEAD = Duration.ofDays(1);

    private static final int TIME_ORDERED = 7;

    private final Predicate<Claim> genuine;
    private final Retention retention;
    private final Clock clock;

    /// @param genuine whether a gateway has said so
    Judge(Predicate<Claim> genuine, Retention retention, Clock clock) {
        this.genuine = genuine;
        this.retention = retention;
        this.clock = clock;
    }

    Judged judge(UsageRecord usage) {
        if (!genuine.test(usage.claim())) {
            return refused(usage, "no gateway of ours has signed its claim");
        }
        UUID task = usage.claim().task();
        if (task.version() != TIME_ORDERED) {
            return refused(usage, "its task's id has no time");
        }
        Instant accepted = Instant.ofEpochMilli(task.getMostSignificantBits() >>> 16);
        Instant now = clock.instant();
        if (accepted.isBefore(FIRST) || accepted.isAfter(now.plus(AHEAD))) {
            return refused(usage, "its task was accepted at " + accepted + ", which cannot be");
        }
        if (accepted.isBefore(retention.begin(now))) {
            return refused(usage, "the ledger no longer has its month");
        }
        return new Judged.Due(charge(usage, accepted));
    }

    private static Judged refused(UsageRecord usage, String why) {
        return new Judged.Refused(Reject.of(usage, why));
    }

    private static Charge charge(UsageRecord usage, Instant accepted) {
        long cost =
                switch (usage.outcome()) {
                    case COMPLETED, CANCELLED -> usage.claim().price().cost(usage.tokens());
                    case BROKEN -> 0;
                };
        long charged = Math.min(cost, usage.claim().cap().orElse(Long.MAX_VALUE));
        return new Charge(usage, accepted, charged, cost - charged);
    }
}
