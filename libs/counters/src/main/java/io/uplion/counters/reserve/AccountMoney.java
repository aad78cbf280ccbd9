// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one account's subjects have spent, and what their tasks hold or owe. For one thread at a
/// time.
final class AccountMoney {
    private final Map<Counter, Spent> spent = new HashMap<>();

    /// Also of counters that are not open: once they are, this counts.
    private final Map<Counter, Long> held = new HashMap<>();

    boolean isOpen(Counter counter) {
        return spent.containsKey(counter);
    }

    void open(Counter counter, Spent amount) {
        spent.merge(counter, amount, AccountMoney::newer);
    }

    void forget(Counter counter) {
        spent.remove(counter);
    }

    void billed(Counter counter, Spent amount) {
        spent.computeIfPresent(counter, (_, known) -> newer(known, amount));
    }

    private static Spent newer(Spent known, Spent told) {
        return told.version() > known.version() ? told : known;
    }

    /// @param nanos less than nothing gives back
    void hold(List<Counter> counters, long nanos) {
        for (Counter counter : counters) {
            held.merge(counter, nanos, AccountMoney::sum);
        }
    }

    private static @Nullable Long sum(Long before, Long more) {
        return before + more == 0 ? null : Long.valueOf(before + more);
    }

    /// What is left of a budget if nothing is held.
    long unspent(Counter counter, long budget) {
        @Nullable Spent known = spent.get(counter);
        return known == null ? 0 : budget - Math.min(known.nanos(), Budget.MOST);
    }

    long held(Counter counter) {
        return held.getOrDefault(counter, 0L);
    }

    Map<Counter, Book> books() {
        return books(spent, held);
    }

    static Map<Counter, Book> books(Map<Counter, Spent> spent, Map<Counter, Long> held) {
        Set<Counter> all = new HashSet<>(spent.keySet());
        all.addAll(held.keySet());
        Map<Counter, Book> books = new HashMap<>();
        for (Counter counter : all) {
            Optional<Spent> known = Optional.ofNullable(spent.get(counter));
            books.put(counter, new Book(known, held.getOrDefault(counter, 0L)));
        }
        return books;
    }

    boolean isEmpty() {
        return spent.isEmpty() && held.isEmpty();
    }
}
