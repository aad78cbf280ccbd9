// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Expired;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Overdue;
import io.uplion.counters.reserve.Spent;
import io.uplion.counters.reserve.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/// Bills as billing does, without a database: once a task, no more than its cap, and nothing for
/// one that it has given up.
final class BillingStandIn {
    private final UUID account;
    private final Budgets budgets;
    private final BiConsumer<Ask, Long> ended;
    private final Queue<Report> reported = new ConcurrentLinkedQueue<>();
    private final Map<Counter, Long> ledger = new HashMap<>();
    private final Set<UUID> billed = new HashSet<>();
    private final Set<UUID> released = new HashSet<>();
    private long version = 1;
    private int rounds;
    private boolean failed;

    private record Report(Ask ask, long cost) {}

    /// @param ended is told what a task was charged, once the store knows
    BillingStandIn(UUID account, Budgets budgets, BiConsumer<Ask, Long> ended) {
        this.account = account;
        this.budgets = budgets;
        this.ended = ended;
    }

    void open(List<Subject> subjects) {
        for (var subject : subjects) {
            ledger.put(counter(subject), 0L);
            done(budgets.open(account, counter(subject), new Spent(0, version)));
        }
    }

    private static Counter counter(Subject subject) {
        return new Counter(subject.name(), subject.budget().orElseThrow().period());
    }

    private static void done(CompletionStage<Noted> noted) {
        assertThat(noted.toCompletableFuture().join()).isInstanceOf(Noted.Done.class);
    }

    /// A usage record, perhaps once more.
    void report(Ask ask, long cost) {
        reported.add(new Report(ask, cost));
    }

    synchronized void round() {
        List<UUID> overdue = overdue();
        List<Ask> now = new ArrayList<>();
        Map<UUID, Long> charged = new HashMap<>();
        for (var report = reported.poll(); report != null; report = reported.poll()) {
            var ask = report.ask();
            if (billed.add(ask.task())) {
                now.add(ask);
                var given = released.contains(ask.task());
                charged.put(ask.task(), given ? 0 : Math.min(report.cost(), ask.nanos()));
                ask.subjects()
                        .forEach(
                                subject ->
                                        ledger.merge(
                                                counter(subject),
                                                charged.get(ask.task()),
                                                Long::sum));
            }
        }
        Map<Counter, Spent> spent = new HashMap<>();
        version++;
        ledger.forEach((counter, nanos) -> spent.put(counter, new Spent(nanos, version)));
        done(budgets.billed(account, spent, now.stream().map(Ask::task).toList()));
        now.forEach(ask -> ended.accept(ask, charged.get(ask.task())));
        overdue.removeAll(billed);
        released.addAll(overdue);
        done(budgets.release(account, overdue));
        rounds++;
        notifyAll();
    }

    private List<UUID> overdue() {
        var found = budgets.overdue(account).toCompletableFuture().join();
        var tasks = ((Overdue.Found) found).tasks();
        return new ArrayList<>(tasks.stream().map(Expired::task).toList());
    }

    synchronized int rounds() {
        return rounds;
    }

    synchronized void awaitRound(int after) throws InterruptedException {
        while (rounds <= after && !failed) {
            wait();
        }
        assertThat(failed).as("billing has failed").isFalse();
    }

    /// Whoever waits for another round waits in vain.
    synchronized void failed() {
        failed = true;
        notifyAll();
    }

    synchronized boolean hasReleased(UUID task) {
        return released.contains(task);
    }

    synchronized int released() {
        return released.size();
    }

    synchronized long ledger(Subject subject) {
        return ledger.get(counter(subject));
    }
}
