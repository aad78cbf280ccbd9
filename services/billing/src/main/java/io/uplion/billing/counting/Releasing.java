// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.intake.UsageSource.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Frees the money of tasks that nobody renews any more: not before all usage is billed that was
/// published when they were found so.
final class Releasing {
    private final Answers counters;
    private final Drain drain;
    private final Map<UUID, Found> found = new HashMap<>();

    private record Found(Set<UUID> tasks, Mark mark) {}

    Releasing(Answers counters, Drain drain) {
        this.counters = counters;
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
                counters.release(account, List.copyOf(its.tasks()));
                found.remove(account);
                released += its.tasks().size();
            }
        }
        return released;
    }
}
