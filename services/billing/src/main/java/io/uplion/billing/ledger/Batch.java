// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.billing.ledger.Written.Told;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import io.uplion.platform.identity.Subject;
import io.uplion.task.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// One transaction: the ledger says which charges are new, and only those count.
final class Batch {
    private final Handle handle;
    private final List<Charge> charges;

    Batch(Handle handle, List<Charge> charges) {
        this.handle = handle;
        this.charges = charges;
    }

    Written write(int rejected) {
        if (charges.isEmpty()) {
            return new Written(Map.of(), 0, rejected, 0, 1);
        }
        Set<UUID> added = LedgerSql.insert(handle, charges);
        Map<UUID, UUID> countedAs = LedgerSql.countedAs(handle, keys());
        SortedMap<SpentKey, Long> spent = new TreeMap<>();
        SortedMap<UUID, Sums> balances = new TreeMap<>();
        SortedMap<RollupKey, Sums> hours = new TreeMap<>();
        SortedMap<RollupKey, Sums> days = new TreeMap<>();
        Map<UUID, List<UUID>> tasks = new HashMap<>();
        Set<SpentKey> touched = new TreeSet<>();
        long absorbed = 0;
        for (Charge charge : charges) {
            List<SpentKey> counts = counts(charge, countedAs);
            touched.addAll(counts);
            tasks.computeIfAbsent(charge.account(), _ -> new ArrayList<>()).add(charge.task());
            if (added.contains(charge.task())) {
                absorbed = Math.addExact(absorbed, charge.absorbed());
                balances.computeIfAbsent(charge.account(), _ -> new Sums()).add(charge);
                hours.computeIfAbsent(RollupKey.of(charge), _ -> new Sums()).add(charge);
                days.computeIfAbsent(RollupKey.everybody(charge), _ -> new Sums()).add(charge);
                if (charge.nanos() > 0) {
                    counts.forEach(key -> spent.merge(key, charge.nanos(), Math::addExact));
                }
            }
        }
        SpentSql.add(handle, spent);
        SpentSql.balance(handle, balances);
        RollupSql.addHours(handle, hours);
        // Last: whoever has these rows has all writers wait.
        RollupSql.addDays(handle, days);
        Map<SpentKey, Spent> now = SpentSql.read(handle, touched);
        return new Written(told(tasks, now), added.size(), rejected, absorbed, 1);
    }

    private Set<UUID> keys() {
        Set<UUID> keys = new TreeSet<>();
        charges.forEach(charge -> charge.usage().claim().key().ifPresent(keys::add));
        return keys;
    }

    /// A key that was rolled counts as the one that it was rolled from.
    private static List<SpentKey> counts(Charge charge, Map<UUID, UUID> countedAs) {
        Claim claim = charge.usage().claim();
        List<Subject> subjects = new ArrayList<>();
        claim.key()
                .map(key -> countedAs.getOrDefault(key, key))
                .map(Subject::key)
                .ifPresent(subjects::add);
        subjects.add(Subject.user(claim.user()));
        subjects.add(Subject.account(claim.account()));
        List<SpentKey> keys = new ArrayList<>();
        for (Subject subject : subjects) {
            for (String period : charge.periods()) {
                keys.add(new SpentKey(claim.account(), new Counter(subject.toString(), period)));
            }
        }
        return keys;
    }

    private static Map<UUID, Told> told(Map<UUID, List<UUID>> tasks, Map<SpentKey, Spent> spent) {
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
