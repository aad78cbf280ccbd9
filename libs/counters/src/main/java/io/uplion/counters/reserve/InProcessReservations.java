// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The reservations of a platform that is one process. Accounts do not wait for each other.
public final class InProcessReservations implements Reservations, Budgets {
    private static final String CLOSED = "the reservations are closed";
    private static final long NANOS = Duration.ofMillis(1).toNanos();

    /// More would not be counted exactly.
    private static final int MOST_NODES = 1000;

    /// Every so many calls what is empty is thrown away.
    private static final long SWEEP = 1 << 14;

    private final LongSupplier nanoTime;
    private final Duration lease;
    private final IntSupplier nodes;
    private final long start;
    private final Map<UUID, AccountTasks> accounts = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicReference<String> word = new AtomicReference<>("");
    private volatile boolean closed;

    /// @param nanoTime the store's clock
    public InProcessReservations(LongSupplier nanoTime) {
        this(nanoTime, LEASE, () -> 1);
    }

    /// One of several nodes that do not hear of each other: its tasks hold its share.
    ///
    /// @param nodes how many there are now
    public InProcessReservations(LongSupplier nanoTime, IntSupplier nodes) {
        this(nanoTime, LEASE, nodes);
    }

    InProcessReservations(LongSupplier nanoTime, Duration lease, IntSupplier nodes) {
        this.nanoTime = nanoTime;
        this.lease = lease;
        this.nodes = nodes;
        this.start = nanoTime.getAsLong();
    }

    @Override
    public CompletionStage<Reserved> reserve(Ask ask) {
        if (closed) {
            return CompletableFuture.completedFuture(new Reserved.Unknown(CLOSED));
        }
        Optional<Reserved.TooLarge> tooLarge = Reserved.TooLarge.of(ask);
        return CompletableFuture.completedFuture(
                tooLarge.isPresent()
                        ? tooLarge.get()
                        : with(ask.account(), (tasks, now) -> tasks.reserve(ask, now)));
    }

    @Override
    public CompletionStage<Renewed> renew(List<Ask> running) {
        if (closed) {
            return CompletableFuture.completedFuture(new Renewed.Unknown(CLOSED));
        }
        Set<UUID> over = new HashSet<>();
        for (Ask ask : running) {
            if (!with(ask.account(), (tasks, now) -> tasks.renew(ask, now))) {
                over.add(ask.task());
            }
        }
        return CompletableFuture.completedFuture(new Renewed.Done(over));
    }

    @Override
    public CompletionStage<Noted> settle(Ask ask, Used used) {
        return note(ask.account(), (tasks, now) -> tasks.settle(ask, used, now));
    }

    @Override
    public CompletionStage<Noted> open(UUID account, Counter counter, Spent spent) {
        return note(account, (tasks, _) -> tasks.money().open(counter, spent));
    }

    @Override
    public CompletionStage<Noted> billed(
            UUID account, Map<Counter, Spent> spent, List<UUID> billed) {
        return note(
                account,
                (tasks, now) -> {
                    billed.forEach(task -> tasks.billed(task, now));
                    spent.forEach(tasks.money()::billed);
                });
    }

    @Override
    public CompletionStage<Noted> forget(UUID account, Counter counter) {
        return note(account, (tasks, _) -> tasks.money().forget(counter));
    }

    @Override
    public CompletionStage<Overdue> overdue(UUID account) {
        if (closed) {
            return CompletableFuture.completedFuture(new Overdue.Unknown(CLOSED));
        }
        List<Expired> found = with(account, AccountTasks::overdue);
        return CompletableFuture.completedFuture(new Overdue.Found(found));
    }

    @Override
    public CompletionStage<Noted> release(UUID account, List<UUID> released) {
        return note(account, (tasks, now) -> released.forEach(task -> tasks.release(task, now)));
    }

    @Override
    public CompletionStage<Holders> holders() {
        if (closed) {
            return CompletableFuture.completedFuture(new Holders.Unknown(CLOSED));
        }
        Set<UUID> found = new HashSet<>();
        for (UUID account : accounts.keySet()) {
            accounts.computeIfPresent(
                    account,
                    (_, tasks) -> {
                        if (tasks.isHolding()) {
                            found.add(account);
                        }
                        return tasks;
                    });
        }
        return CompletableFuture.completedFuture(new Holders.Found(found));
    }

    @Override
    public CompletionStage<Books> books(UUID account) {
        return CompletableFuture.completedFuture(
                closed
                        ? new Books.Unknown(CLOSED)
                        : new Books.Found(with(account, (tasks, _) -> tasks.money().books())));
    }

    @Override
    public CompletionStage<Incarnation> incarnation(String offered) {
        if (closed) {
            return CompletableFuture.completedFuture(new Incarnation.Unknown(CLOSED));
        }
        word.compareAndSet("", offered);
        return CompletableFuture.completedFuture(new Incarnation.Known(word.get()));
    }

    private CompletionStage<Noted> note(UUID account, BiConsumer<AccountTasks, Long> action) {
        if (closed) {
            return CompletableFuture.completedFuture(new Noted.Unknown(CLOSED));
        }
        return CompletableFuture.completedFuture(
                with(
                        account,
                        (tasks, now) -> {
                            action.accept(tasks, now);
                            return new Noted.Done();
                        }));
    }

    private <T> T with(UUID account, BiFunction<AccountTasks, Long, T> action) {
        if (calls.incrementAndGet() % SWEEP == 0) {
            sweep();
        }
        Holder<T> answer = new Holder<>();
        accounts.compute(
                account,
                (_, held) -> {
                    AccountTasks tasks = held == null ? new AccountTasks(lease) : held;
                    tasks.share(Math.clamp(nodes.getAsInt(), 1, MOST_NODES));
                    answer.value = action.apply(tasks, now());
                    return tasks;
                });
        return answer.get();
    }

    private long now() {
        return (nanoTime.getAsLong() - start) / NANOS;
    }

    private void sweep() {
        for (UUID account : accounts.keySet()) {
            accounts.computeIfPresent(account, (_, tasks) -> tasks.isEmptyAt(now()) ? null : tasks);
        }
    }

    /// How many accounts are remembered.
    int size() {
        return accounts.size();
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Carries an answer out of where the account is held.
    private static final class Holder<T> {
        private @Nullable T value;

        T get() {
            if (value == null) {
                throw new IllegalStateException("no answer");
            }
            return value;
        }
    }
}
