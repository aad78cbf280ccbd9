// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/// The statements about what accounts and their subjects have spent.
final class SpentSql {

    private SpentSql() {}

    static void add(Handle handle, SortedMap<SpentKey, Long> nanos) {
        if (nanos.isEmpty()) {
            return;
        }
        keys(
                        handle.createUpdate(
                                """
                                INSERT INTO spent AS s (account, subject, period, nanos, version)
                                SELECT account, subject, period, nanos, 1
                                FROM unnest(:account, :subject, :period, :nanos)
                                    AS a (account, subject, period, nanos)
                                ON CONFLICT (account, subject, period) DO UPDATE
                                SET nanos = s.nanos + excluded.nanos, version = s.version + 1
                                """),
                        nanos.keySet())
                .bindArray("nanos", Long.class, nanos.values())
                .execute();
    }

    /// Those of which nothing is known have spent nothing.
    static Map<SpentKey, Spent> read(Handle handle, Collection<SpentKey> wanted) {
        Map<SpentKey, Spent> found = new HashMap<>();
        keys(
                        handle.createQuery(
                                """
                                SELECT account, subject, period, nanos, version FROM spent
                                JOIN unnest(:account, :subject, :period)
                                    AS a (account, subject, period)
                                    USING (account, subject, period)
                                """),
                        wanted)
                .map(
                        (row, _) ->
                                Map.entry(
                                        new SpentKey(
                                                row.getObject("account", UUID.class),
                                                new Counter(
                                                        row.getString("subject"),
                                                        row.getString("period"))),
                                        new Spent(row.getLong("nanos"), row.getLong("version"))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static <S extends SqlStatement<S>> S keys(S statement, Collection<SpentKey> keys) {
        List<SpentKey> rows = List.copyOf(keys);
        return statement
                .bindArray("account", UUID.class, rows.stream().map(SpentKey::account).toList())
                .bindArray(
                        "subject",
                        String.class,
                        rows.stream().map(key -> key.counter().subject()).toList())
                .bindArray(
                        "period",
                        String.class,
                        rows.stream().map(key -> key.counter().period()).toList());
    }

    static void balance(Handle handle, SortedMap<UUID, Sums> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        Collection<Sums> sums = accounts.values();
        handle.createUpdate(
                        """
                        INSERT INTO balances AS b
                            (account, requests, nanos, absorbed_nanos, changed_at)
                        SELECT account, requests, nanos, absorbed, clock_timestamp()
                        FROM unnest(:account, :requests, :nanos, :absorbed)
                            AS a (account, requests, nanos, absorbed)
                        ON CONFLICT (account) DO UPDATE
                        SET requests = b.requests + excluded.requests,
                            nanos = b.nanos + excluded.nanos,
                            absorbed_nanos = b.absorbed_nanos + excluded.absorbed_nanos,
                            changed_at = excluded.changed_at
                        """)
                .bindArray("account", UUID.class, accounts.keySet())
                .bindArray("requests", Long.class, sums.stream().map(Sums::requests).toList())
                .bindArray("nanos", Long.class, sums.stream().map(Sums::nanos).toList())
                .bindArray("absorbed", Long.class, sums.stream().map(Sums::absorbed).toList())
                .execute();
    }
}
