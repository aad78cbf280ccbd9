// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.counters.reserve.Counter;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;

/// Which counters must be open. All budgets are read each time as long as they are few; of many the
/// changed ones each time, and all once a minute.
final class Wanted {
    private static final int FEW = 5_000;
    private static final Duration ALL = Duration.ofMinutes(1);

    /// Versions may be committed in another order than they were drawn.
    private static final long SLACK = 10_000;

    private static final long EVER = -1;

    private final Jdbi jdbi;
    private final LongSupplier nanoTime;
    private Map<UUID, Map<Subject, Set<Limits.Period>>> budgets = new HashMap<>();
    private int count;
    private long newest;
    private long read;

    Wanted(Jdbi jdbi, LongSupplier nanoTime) {
        this.jdbi = jdbi;
        this.nanoTime = nanoTime;
    }

    /// Throws where the database cannot be asked.
    void refresh() {
        long now = nanoTime.getAsLong();
        boolean all = count < FEW || now - read > ALL.toNanos();
        long since = all ? EVER : newest - SLACK;
        List<BudgetOf> found = jdbi.withHandle(handle -> BudgetSql.changedSince(handle, since));
        if (all) {
            budgets = new HashMap<>();
            count = found.size();
            read = now;
        }
        for (BudgetOf budget : found) {
            budgets.computeIfAbsent(budget.account(), _ -> new HashMap<>())
                    .computeIfAbsent(budget.subject(), _ -> new HashSet<>())
                    .add(budget.period());
            newest = Math.max(newest, budget.version());
        }
    }

    List<UUID> accounts() {
        return new ArrayList<>(budgets.keySet());
    }

    Set<Counter> counters(UUID account, Instant now) {
        Set<Counter> counters = new HashSet<>();
        budgets.getOrDefault(account, Map.of())
                .forEach(
                        (subject, periods) -> {
                            for (Limits.Period period : periods) {
                                for (String name : Period.open(period, now)) {
                                    counters.add(new Counter(subject.toString(), name));
                                }
                            }
                        });
        return counters;
    }
}
