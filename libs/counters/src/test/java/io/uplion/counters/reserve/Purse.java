// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.reserve.Reserved.Held;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Spends the money of one account, and waits for the answers.
record Purse(Reservations store, Budgets budgets, UUID account) {
    static final String PERIOD = "month:2026-11";

    static Subject limited(String name, long budget) {
        return Subject.of(name).withBudget(PERIOD, budget);
    }

    static Counter counter(String name) {
        return new Counter(name, PERIOD);
    }

    Ask ask(long nanos, Subject... subjects) {
        return new Ask(UUID.randomUUID(), account, List.of(subjects), 0, nanos);
    }

    Reserved reserve(Ask ask) {
        return store.reserve(ask).toCompletableFuture().join();
    }

    Reserved reserve(long nanos, Subject... subjects) {
        return reserve(ask(nanos, subjects));
    }

    Ask held(long nanos, Subject... subjects) {
        var ask = ask(nanos, subjects);
        var reserved = reserve(ask);
        if (!(reserved instanceof Held)) {
            throw new AssertionError("not held: " + reserved);
        }
        return ask;
    }

    Renewed renew(Ask... running) {
        return store.renew(List.of(running)).toCompletableFuture().join();
    }

    Noted settle(Ask ask, long nanos) {
        return store.settle(ask, new Used(0, nanos)).toCompletableFuture().join();
    }

    Noted open(String name, long nanos, long version) {
        return budgets.open(account, counter(name), new Spent(nanos, version))
                .toCompletableFuture()
                .join();
    }

    Noted billed(String name, long nanos, long version, Ask... tasks) {
        var spent = Map.of(counter(name), new Spent(nanos, version));
        var ids = List.of(tasks).stream().map(Ask::task).toList();
        return budgets.billed(account, spent, ids).toCompletableFuture().join();
    }

    List<UUID> overdue() {
        var overdue = budgets.overdue(account).toCompletableFuture().join();
        return ((Overdue.Found) overdue).tasks().stream().map(Expired::task).toList();
    }

    Noted release(UUID... tasks) {
        return budgets.release(account, List.of(tasks)).toCompletableFuture().join();
    }
}
