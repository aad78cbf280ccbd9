// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.counters.reserve.Books;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Holders;
import io.uplion.counters.reserve.Incarnation;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Overdue;
import io.uplion.counters.reserve.Spent;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Counters that are away when a test says so.
public record AwayBudgets(Budgets store, AtomicBoolean away, AtomicInteger refused)
        implements Budgets {
    private static final String WHY = "away";

    public AwayBudgets(Budgets store) {
        this(store, new AtomicBoolean(), new AtomicInteger());
    }

    private <T> CompletionStage<T> answer(T unknown, Supplier<CompletionStage<T>> known) {
        if (away.get()) {
            refused.incrementAndGet();
            return CompletableFuture.completedFuture(unknown);
        }
        return known.get();
    }

    @Override
    public CompletionStage<Noted> open(UUID account, Counter counter, Spent spent) {
        return answer(new Noted.Unknown(WHY), () -> store.open(account, counter, spent));
    }

    @Override
    public CompletionStage<Noted> billed(
            UUID account, Map<Counter, Spent> spent, List<UUID> tasks) {
        return answer(new Noted.Unknown(WHY), () -> store.billed(account, spent, tasks));
    }

    @Override
    public CompletionStage<Noted> forget(UUID account, Counter counter) {
        return answer(new Noted.Unknown(WHY), () -> store.forget(account, counter));
    }

    @Override
    public CompletionStage<Overdue> overdue(UUID account) {
        return answer(new Overdue.Unknown(WHY), () -> store.overdue(account));
    }

    @Override
    public CompletionStage<Noted> release(UUID account, List<UUID> tasks) {
        return answer(new Noted.Unknown(WHY), () -> store.release(account, tasks));
    }

    @Override
    public CompletionStage<Holders> holders() {
        return answer(new Holders.Unknown(WHY), store::holders);
    }

    @Override
    public CompletionStage<Books> books(UUID account) {
        return answer(new Books.Unknown(WHY), () -> store.books(account));
    }

    @Override
    public CompletionStage<Incarnation> incarnation(String offered) {
        return answer(new Incarnation.Unknown(WHY), () -> store.incarnation(offered));
    }
}
