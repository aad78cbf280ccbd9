// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.intake.UsageSource.Mark;
import io.uplion.billing.ledger.Ledger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Frees the money of tasks that nobody renews any more: not before all usage is billed that was
/// published when they were found so, and not before the ledger knows that it was freed.
final class Releasing {
    private final Answers counters;
    private final Ledger ledger;
    private final Drain drain;
    private final Map<UUID, Found> found = new HashMap<>();

    private record Found(Set<UUID> tasks, Mark mark) {}

    Releasing(Answers counters, Ledger ledger, Drain drain) {
        this.counters = counters;
        this.ledger = ledger;
        this.drain = drain;
    }

    void forgetAll() {
        found.clear();
    }

    /// Looks for them. To be called every few seconds.
    void look() {
        Map<UUID, List<UUID>> overdue = counters.overdue(counters.holders());
        overdue.forEach(
                (account, tasks) -> {
                    if (!tasks.isEmpty() && !found.containsKey(account)) {
                        found.put(account, new Found(new HashSet<>(tasks), drain.mark()));
                    }
                });
    }

    /// Never between the taking of a batch and the telling of it: a task whose charge is known is
    /// freed by being billed.
    ///
    /// @return how many
    int release() {
        int released = 0;
        for (UUID account : Set.copyOf(found.keySet())) {
            Found its = found.get(account);
            if (its != null && drain.isPassed(its.mark())) {
                released += release(account, its.tasks());
                found.remove(account);
            }
        }
        return released;
    }

    /// Those that were renewed meanwhile hold on, and are paid for. One that is renewed between the
    /// second look and the freeing holds on too, and is given away.
    private int release(UUID account, Set<UUID> tasks) {
        Set<UUID> still = new HashSet<>(tasks);
        still.retainAll(counters.overdue(List.of(account)).getOrDefault(account, List.of()));
        if (still.isEmpty()) {
            return 0;
        }
        Set<UUID> free = ledger.giveUp(still);
        counters.release(account, List.copyOf(free));
        return free.size();
    }
}
