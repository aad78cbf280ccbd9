// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.intake.UsageSource.Mark;
import io.uplion.billing.ledger.Ledger;
import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens counters, and looks after those that are open. DESIGN.md says why it waits for what.
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    /// Accounts that are looked after in one round.
    private static final int SLICE = 100;

    private final Answers counters;
    private final Ledger ledger;
    private final Drain drain;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Duration settling;

    private final Map<UUID, Set<Counter>> open = new HashMap<>();
    private final Map<Place, Waiting> waiting = new HashMap<>();
    private List<UUID> toInspect = new ArrayList<>();
    private long settled;

    private record Place(UUID account, Counter counter) {}

    /// @param until running tasks have been renewed then
    /// @param mark usage up to here must be billed first
    private record Waiting(long until, Optional<Mark> mark) {}

    /// @param settling after the store was lost all running tasks are renewed within this time
    Opening(
            Answers counters,
            Ledger ledger,
            Drain drain,
            Clock clock,
            LongSupplier nanoTime,
            Duration settling) {
        this.counters = counters;
        this.ledger = ledger;
        this.drain = drain;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.settling = settling;
    }

    /// The store is new, or we are: what it says is not known.
    void forgetAll() {
        open.clear();
        waiting.clear();
        toInspect.clear();
        settled = nanoTime.getAsLong() + settling.toNanos();
    }

    int waiting() {
        return waiting.size();
    }

    void round(Wanted wanted) {
        inspect(wanted);
        long now = nanoTime.getAsLong();
        Set<Place> all = new HashSet<>();
        for (UUID account : wanted.accounts()) {
            for (Counter counter : wanted.counters(account, clock.instant())) {
                Place place = new Place(account, counter);
                all.add(place);
                if (!isOpen(place)) {
                    waiting.putIfAbsent(
                            place, new Waiting(Math.max(now, settled), Optional.empty()));
                }
            }
        }
        waiting.keySet().retainAll(all);
        mark(now);
        openThoseThatMayBe();
    }

    private boolean isOpen(Place place) {
        return open.getOrDefault(place.account(), Set.of()).contains(place.counter());
    }

    /// What a counter lost, one alone or with others, is found here; and what it was not told.
    private void inspect(Wanted wanted) {
        if (toInspect.isEmpty()) {
            toInspect = wanted.accounts();
        }
        List<UUID> slice =
                toInspect.subList(Math.max(0, toInspect.size() - SLICE), toInspect.size());
        Map<UUID, Map<Counter, Book>> books = counters.books(slice);
        slice.clear();
        books.forEach(this::inspect);
    }

    private void inspect(UUID account, Map<Counter, Book> books) {
        Map<Counter, Spent> told = new HashMap<>();
        books.forEach((counter, book) -> book.spent().ifPresent(it -> told.put(counter, it)));
        Set<Counter> known = open.computeIfAbsent(account, _ -> new HashSet<>());
        for (Counter counter : Set.copyOf(known)) {
            if (!told.containsKey(counter)) {
                LOG.atWarn()
                        .addKeyValue("account", account)
                        .log("a counter is lost: {} {}", counter.subject(), counter.period());
                known.remove(counter);
                waiting.put(
                        new Place(account, counter),
                        new Waiting(nanoTime.getAsLong() + settling.toNanos(), Optional.empty()));
            }
        }
        known.addAll(told.keySet());
        told.keySet().forEach(counter -> waiting.remove(new Place(account, counter)));
        correct(account, told);
        forgetOld(account, books);
    }

    /// A store may have lost what it was told last.
    private void correct(UUID account, Map<Counter, Spent> told) {
        if (told.isEmpty()) {
            return;
        }
        Map<Counter, Spent> newer = new HashMap<>();
        ledger.spent(account, told.keySet())
                .forEach(
                        (counter, spent) -> {
                            if (spent.version() > told.getOrDefault(counter, spent).version()) {
                                newer.put(counter, spent);
                            }
                        });
        if (!newer.isEmpty()) {
            counters.billed(account, newer);
        }
    }

    private void forgetOld(UUID account, Map<Counter, Book> books) {
        Instant now = clock.instant();
        books.forEach(
                (counter, book) -> {
                    boolean isOver = Period.isLongOver(counter.period(), now);
                    if (isOver && book.spent().isPresent() && book.held() == 0) {
                        counters.forget(account, counter);
                        open.getOrDefault(account, new HashSet<>()).remove(counter);
                    }
                });
    }

    /// Those whose time has come must only wait for the usage that there is now.
    private void mark(long now) {
        List<Place> due = new ArrayList<>();
        waiting.forEach(
                (place, its) -> {
                    if (its.mark().isEmpty() && its.until() <= now) {
                        due.add(place);
                    }
                });
        if (!due.isEmpty()) {
            Optional<Mark> mark = Optional.of(drain.mark());
            due.forEach(place -> waiting.put(place, new Waiting(now, mark)));
        }
    }

    private void openThoseThatMayBe() {
        Map<UUID, Set<Counter>> ready = new HashMap<>();
        waiting.forEach(
                (place, its) -> {
                    if (its.mark().isPresent() && drain.isPassed(its.mark().get())) {
                        ready.computeIfAbsent(place.account(), _ -> new HashSet<>())
                                .add(place.counter());
                    }
                });
        ready.forEach(
                (account, its) -> {
                    open(account, its);
                    open.computeIfAbsent(account, _ -> new HashSet<>()).addAll(its);
                    its.forEach(counter -> waiting.remove(new Place(account, counter)));
                });
    }

    /// Another process may write to the ledger between our reading and our telling; what it tells
    /// then, a counter that is not open does not hear. So it is read once more.
    private void open(UUID account, Set<Counter> its) {
        Map<Counter, Spent> spent = ledger.spent(account, its);
        counters.open(account, spent);
        Map<Counter, Spent> again = ledger.spent(account, its);
        if (!again.equals(spent)) {
            counters.billed(account, again);
        }
        LOG.atInfo().addKeyValue("account", account).log("opened {} budgets", its.size());
    }
}
