// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// The statements about what accounts and their subjects have spent.
final class SpentSql {

    private SpentSql() {}

    /// @return what is spent now by these, and the version that this makes
    static Map<SpentKey, Spent> add(Handle handle, SortedMap<SpentKey, Long> nanos) {
        if (nanos.isEmpty()) {
            return Map.of();
        }
        Query query =
                handle.createQuery(
                        """
                        INSERT INTO spent AS s (account, subject, period, nanos, version)
                        SELECT account, subject, period, nanos, 1
                        FROM unnest(:account, :subject, :period, :nanos)
                            AS a (account, subject, period, nanos)
                        ON CONFLICT (account, subject, period) DO UPDATE
                        SET nanos = s.nanos + excluded.nanos, version = s.version + 1
                        RETURNING account, subject, period, nanos, version
                        """);
        keys(query, nanos.keySet());
        new Columns<>(query, nanos.values()).numbers("nanos", Long::longValue);
        return found(query);
    }

    /// Those of which nothing is known have spent nothing.
    static Map<SpentKey, Spent> read(Handle handle, Collection<SpentKey> wanted) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        Query query =
                handle.createQuery(
                        """
                        SELECT account, subject, period, nanos, version FROM spent
                        JOIN unnest(:account, :subject, :period) AS a (account, subject, period)
                            USING (account, subject, period)
                        """);
        keys(query, wanted);
        return found(query);
    }

    private static void keys(Query query, Collection<SpentKey> keys) {
        new Columns<>(query, keys)
                .ids("account", SpentKey::account)
                .texts("subject", key -> key.counter().subject())
                .texts("period", key -> key.counter().period());
    }

    private static Map<SpentKey, Spent> found(Query query) {
        Map<SpentKey, Spent> found = new HashMap<>();
        query.map((row, _) -> Map.entry(key(row), new Spent(row.getLong(4), row.getLong(5))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static SpentKey key(ResultSet row) throws SQLException {
        return new SpentKey(
                row.getObject(1, UUID.class), new Counter(row.getString(2), row.getString(3)));
    }

    static void balance(Handle handle, SortedMap<UUID, Sums> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        Update update =
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
                        """);
        new Columns<>(update, accounts.entrySet())
                .ids("account", Map.Entry::getKey)
                .numbers("requests", entry -> entry.getValue().requests())
                .numbers("nanos", entry -> entry.getValue().nanos())
                .numbers("absorbed", entry -> entry.getValue().absorbed());
        update.execute();
    }
}
