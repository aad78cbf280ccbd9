// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.Used;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Tells the store what tasks have used, until it has taken note. Safe for all threads.
///
/// A store that is away for longer than two leases has given the tasks up itself, or knows nothing
/// of them: they are forgotten here too.
final class Settlements {
    private static final long REMEMBERED = Reservations.LEASE.multipliedBy(2).toNanos();

    private final Reservations reservations;
    private final LongSupplier nanoTime;
    private final Map<UUID, Settlement> untold = new ConcurrentHashMap<>();

    /// @param told completes when the store has answered, or could not
    private record Settlement(Ask ask, Used used, long since, CompletableFuture<Void> told) {
        Settlement again() {
            return new Settlement(ask, used, since, new CompletableFuture<>());
        }
    }

    Settlements(Reservations reservations, LongSupplier nanoTime) {
        this.reservations = reservations;
        this.nanoTime = nanoTime;
    }

    void settle(Ask ask, Used used) {
        tell(new Settlement(ask, used, nanoTime.getAsLong(), new CompletableFuture<>()));
    }

    private void tell(Settlement settlement) {
        UUID task = settlement.ask().task();
        untold.put(task, settlement);
        reservations
                .settle(settlement.ask(), settlement.used())
                .whenComplete(
                        (noted, _) -> {
                            if (noted instanceof Noted.Done || !hasBudget(settlement.ask())) {
                                untold.remove(task, settlement);
                            }
                            settlement.told().complete(null);
                        });
    }

    /// What is held without one frees itself.
    private static boolean hasBudget(Ask ask) {
        return ask.subjects().stream().anyMatch(subject -> subject.budget().isPresent());
    }

    /// Tells again what the store did not take note of.
    void again() {
        long now = nanoTime.getAsLong();
        for (Settlement settlement : List.copyOf(untold.values())) {
            if (now - settlement.since() > REMEMBERED) {
                untold.remove(settlement.ask().task(), settlement);
            } else if (settlement.told().isDone()) {
                tell(settlement.again());
            }
        }
    }

    /// @return whether the store has taken note of all that were settled before
    boolean flush(Duration patience) {
        List<Settlement> settled = List.copyOf(untold.values());
        CompletableFuture<?>[] answers =
                settled.stream().map(Settlement::told).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(answers)
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return settled.stream()
                .noneMatch(settlement -> untold.containsKey(settlement.ask().task()));
    }
}
