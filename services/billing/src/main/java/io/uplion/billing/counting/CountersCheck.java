// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.billing.ledger.Ledger;
import io.uplion.billing.ledger.Months;
import io.uplion.billing.ledger.Retention;
import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Jdbi;

/// Compares what counters say with what the ledger says. Blocks.
public final class CountersCheck {
    private final Wanted wanted;
    private final Answers counters;
    private final Ledger ledger;
    private final Clock clock;

    public CountersCheck(
            Jdbi jdbi, Budgets budgets, Ledger ledger, Clock clock, LongSupplier nanoTime) {
        this.wanted = new Wanted(jdbi, nanoTime);
        this.counters = new Answers(budgets);
        this.ledger = ledger;
        this.clock = clock;
    }

    /// For whoever does not bill.
    public static CountersCheck of(Jdbi jdbi, Budgets budgets, Retention retention, Clock clock) {
        Months months = new Months(jdbi, retention, clock);
        Ledger ledger = new Ledger(jdbi, _ -> false, months, retention, clock);
        return new CountersCheck(jdbi, budgets, ledger, clock, System::nanoTime);
    }

    /// @param spent what the ledger says
    /// @param counter what the counter says
    public record Wrong(String where, String spent, String counter) {}

    /// Throws where one of them cannot be asked.
    public List<Wrong> differences() {
        wanted.refresh();
        List<Wrong> found = new ArrayList<>();
        for (UUID account : wanted.accounts()) {
            // The counters first: what they know, the ledger knows.
            Map<Counter, Book> books = counters.books(List.of(account)).get(account);
            Map<Counter, Book> known = books == null ? Map.of() : books;
            Map<Counter, Spent> told = new HashMap<>();
            known.forEach((counter, book) -> book.spent().ifPresent(it -> told.put(counter, it)));
            for (Counter counter : wanted.counters(account, clock.instant())) {
                if (!told.containsKey(counter)) {
                    found.add(new Wrong(where(account, counter), "it has a budget", "not open"));
                }
            }
            ledger.spent(account, told.keySet())
                    .forEach((counter, spent) -> compare(account, counter, spent, told, found));
        }
        return found;
    }

    /// An older version is on its way; a newer one, or other money of the same, never is right.
    private static void compare(
            UUID account,
            Counter counter,
            Spent spent,
            Map<Counter, Spent> told,
            List<Wrong> found) {
        Spent its = told.getOrDefault(counter, spent);
        boolean isOnItsWay = its.version() < spent.version() && its.nanos() <= spent.nanos();
        if (!its.equals(spent) && !isOnItsWay) {
            found.add(new Wrong(where(account, counter), text(spent), text(its)));
        }
    }

    private static String where(UUID account, Counter counter) {
        return "account " + account + ", " + counter.subject() + ", " + counter.period();
    }

    private static String text(Spent spent) {
        return spent.nanos() + " nanos in version " + spent.version();
    }
}
