// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// The statements about the ledger, and about what cannot stand in it.
final class LedgerSql {
    private LedgerSql() {}

    /// Which of these tasks are billed.
    static Set<UUID> billed(Handle handle, List<Charge> charges) {
        Query query =
                handle.createQuery(
                        """
                        SELECT l.task FROM unnest(:task, :accepted) AS t (task, accepted)
                        JOIN ledger l ON l.task = t.task AND l.accepted_at
                            = timestamptz 'epoch' + interval '1 ms' * t.accepted
                        """);
        new Columns<>(query, charges)
                .ids("task", Charge::task)
                .numbers("accepted", charge -> charge.acceptedAt().toEpochMilli());
        return new HashSet<>(query.mapTo(UUID.class).list());
    }

    /// Of keys that were rolled: the one that they are counted as.
    static Map<UUID, UUID> countedAs(Handle handle, Collection<UUID> keys) {
        Map<UUID, UUID> found = new HashMap<>();
        handle.createQuery(
                        """
                        SELECT id, counted_as FROM api_keys
                        WHERE id = ANY(:keys) AND counted_as IS NOT NULL
                        """)
                .bindArray("keys", UUID.class, keys)
                .map(
                        (row, _) ->
                                new UUID[] {
                                    row.getObject(1, UUID.class), row.getObject(2, UUID.class)
                                })
                .forEach(pair -> found.put(pair[0], pair[1]));
        return found;
    }

    static void reject(Handle handle, Reject reject) {
        handle.createUpdate(
                        """
                        INSERT INTO usage_rejects (sha256, reason, task, record)
                        VALUES (sha256(:record), :reason, :task::uuid, :record)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("record", reject.record())
                .bind("reason", reject.reason())
                .bind("task", reject.task().map(UUID::toString).orElse(null))
                .execute();
    }
}
