// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.counters.reserve.Budget;
import io.uplion.counters.reserve.Counter;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// For whom a charge counts, and when.
///
/// @param key empty for a browser session
record Payer(UUID account, UUID user, Optional<UUID> key, Instant day) {

    static Payer of(RollupKey row) {
        return new Payer(
                row.account(), row.user(), row.itsKey(), row.hour().truncatedTo(ChronoUnit.DAYS));
    }

    /// All rows of what is spent: subjects by periods.
    ///
    /// @param countedAs a key that was rolled counts as the one that it was rolled from
    List<SpentKey> counts(Map<UUID, UUID> countedAs) {
        List<Subject> subjects = new ArrayList<>(3);
        key.map(it -> countedAs.getOrDefault(it, it)).map(Subject::key).ifPresent(subjects::add);
        subjects.add(Subject.user(user));
        subjects.add(Subject.account(account));
        List<SpentKey> keys = new ArrayList<>(9);
        for (Limits.Period each : Limits.Period.values()) {
            String period = Budget.period(each, day);
            for (Subject subject : subjects) {
                keys.add(new SpentKey(account, new Counter(subject.toString(), period)));
            }
        }
        return keys;
    }
}
