// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.billing.ledger.Written.Told;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// One transaction. All is added up before it is written: each row is written once, in the order of
/// the keys, so that two writers never wait for each other in a circle.
final class Batch {
    private final Handle handle;
    private final List<Charge> charges;
    private final List<Charge> added;

    /// @param charges of different tasks, in the order of the ledger
    /// @param billed tasks that are in the ledger already: they are told again, and count no more
    Batch(Handle handle, List<Charge> charges, Set<UUID> billed) {
        this.handle = handle;
        this.charges = charges;
        this.added = charges.stream().filter(charge -> !billed.contains(charge.task())).toList();
    }

    Written write(int rejected) {
        if (charges.isEmpty()) {
            return new Written(Map.of(), 0, rejected, 0, 1);
        }
        LedgerCopySql.insert(handle, added);
        Map<RollupKey, Sums> hours = new HashMap<>();
        Map<RollupKey, Times> times = new HashMap<>();
        for (Charge charge : added) {
            RollupKey hour = RollupKey.of(charge);
            hours.computeIfAbsent(hour, _ -> new Sums()).add(charge);
            times.computeIfAbsent(hour.ofAccount(), _ -> new Times()).add(charge.usage().timing());
        }
        Map<SpentKey, Spent> spent = spend(hours);
        SpentSql.balance(handle, sums(hours, RollupKey::account));
        RollupSql.addHours(handle, new TreeMap<>(hours));
        RollupSql.addTimes(handle, new TreeMap<>(times));
        // Last: whoever has these rows has all writers wait.
        RollupSql.addDays(handle, sums(hours, RollupKey::ofEverybody));
        RollupSql.addTimes(handle, everybodys(times));
        long absorbed = 0;
        for (Sums sums : hours.values()) {
            absorbed = Math.addExact(absorbed, sums.absorbed());
        }
        return new Written(told(spent), added.size(), rejected, absorbed, 1);
    }

    private static <K> SortedMap<K, Sums> sums(
            Map<RollupKey, Sums> hours, Function<RollupKey, K> by) {
        SortedMap<K, Sums> sums = new TreeMap<>();
        hours.forEach(
                (key, more) -> sums.computeIfAbsent(by.apply(key), _ -> new Sums()).add(more));
        return sums;
    }

    private static SortedMap<RollupKey, Times> everybodys(Map<RollupKey, Times> times) {
        SortedMap<RollupKey, Times> all = new TreeMap<>();
        times.forEach(
                (key, more) -> all.computeIfAbsent(key.ofEverybody(), _ -> new Times()).add(more));
        return all;
    }

    /// @return what is spent now by all for whom the charges count, also those that came again
    private Map<SpentKey, Spent> spend(Map<RollupKey, Sums> hours) {
        Map<Payer, Long> payers = new HashMap<>();
        charges.forEach(charge -> payers.putIfAbsent(Payer.of(RollupKey.of(charge)), 0L));
        hours.forEach((key, sums) -> payers.merge(Payer.of(key), sums.nanos(), Math::addExact));
        Map<UUID, UUID> countedAs = LedgerSql.countedAs(handle, keys(payers.keySet()));
        Map<SpentKey, Long> nanos = new HashMap<>();
        payers.forEach(
                (payer, more) ->
                        payer.counts(countedAs)
                                .forEach(key -> nanos.merge(key, more, Math::addExact)));
        Set<SpentKey> others = new HashSet<>(nanos.keySet());
        nanos.values().removeIf(more -> more == 0);
        others.removeAll(nanos.keySet());
        Map<SpentKey, Spent> spent = new HashMap<>(SpentSql.add(handle, new TreeMap<>(nanos)));
        spent.putAll(SpentSql.read(handle, others));
        return spent;
    }

    private static Set<UUID> keys(Set<Payer> payers) {
        Set<UUID> keys = new TreeSet<>();
        payers.forEach(payer -> payer.key().ifPresent(keys::add));
        return keys;
    }

    private Map<UUID, Told> told(Map<SpentKey, Spent> spent) {
        Map<UUID, List<UUID>> tasks = new HashMap<>();
        for (Charge charge : charges) {
            tasks.computeIfAbsent(charge.account(), _ -> new ArrayList<>()).add(charge.task());
        }
        Map<UUID, Map<Counter, Spent>> byAccount = new HashMap<>();
        spent.forEach(
                (key, amount) ->
                        byAccount
                                .computeIfAbsent(key.account(), _ -> new HashMap<>())
                                .put(key.counter(), amount));
        Map<UUID, Told> told = new HashMap<>();
        tasks.forEach(
                (account, its) ->
                        told.put(
                                account, new Told(byAccount.getOrDefault(account, Map.of()), its)));
        return told;
    }
}
