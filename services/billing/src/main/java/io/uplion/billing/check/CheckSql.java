// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.check;

import io.uplion.billing.check.Difference.Between;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// What compares tables; it writes nothing.
final class CheckSql {
    /// What is wrong everywhere is not listed in full.
    private static final int MOST = 100;

    private static final String ROLLUPS =
            """
            WITH l AS (
                SELECT account, date_trunc('hour', accepted_at, 'UTC') AS hour, user_id,
                    coalesce(key_id, '00000000-0000-0000-0000-000000000000') AS key_id, model,
                    pool, outcome, count(*)::text || ' requests, ' || sum(nanos)
                    || ' + ' || sum(absorbed_nanos) || ' nanos, '
                    || sum(input_tokens + cached_input_tokens + audio_input_tokens
                        + output_tokens + reasoning_tokens + audio_output_tokens) || ' tokens'
                    AS sums
                FROM ledger WHERE accepted_at >= :from AND accepted_at < :to
                GROUP BY 1, 2, 3, 4, 5, 6, 7),
            r AS (
                SELECT account, hour, user_id, key_id, model, pool, outcome,
                    requests::text || ' requests, ' || nanos || ' + ' || absorbed_nanos
                    || ' nanos, ' || input_tokens + cached_input_tokens + audio_input_tokens
                        + output_tokens + reasoning_tokens + audio_output_tokens || ' tokens'
                    AS sums
                FROM usage_rollups WHERE hour >= :from AND hour < :to)
            SELECT 'account ' || account || ', '
                    || to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24"Z"')
                    || ', user ' || user_id || ', key ' || key_id || ', model ' || model
                    || ', pool ' || pool || ', ' || lower(outcome) AS place,
                coalesce(l.sums, 'nothing') AS expected, coalesce(r.sums, 'nothing') AS found
            FROM l FULL JOIN r USING (account, hour, user_id, key_id, model, pool, outcome)
            WHERE l.sums IS DISTINCT FROM r.sums ORDER BY 1 LIMIT :most
            """;

    private static final String DAYS =
            """
            WITH r AS (
                SELECT date_trunc('day', hour, 'UTC') AS day, model, pool, outcome, sum(requests)
                    || ' requests, ' || sum(nanos) || ' + ' || sum(absorbed_nanos) || ' nanos'
                    AS sums
                FROM usage_rollups GROUP BY 1, 2, 3, 4),
            d AS (
                SELECT hour AS day, model, pool, outcome, requests
                    || ' requests, ' || nanos || ' + ' || absorbed_nanos || ' nanos' AS sums
                FROM usage_days)
            SELECT to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ', model ' || model
                    || ', pool ' || pool || ', ' || lower(outcome) AS place,
                coalesce(r.sums, 'nothing') AS expected, coalesce(d.sums, 'nothing') AS found
            FROM r FULL JOIN d USING (day, model, pool, outcome)
            WHERE r.sums IS DISTINCT FROM d.sums ORDER BY 1 LIMIT :most
            """;

    private static final String BALANCES =
            """
            WITH r AS (
                SELECT account, sum(requests) || ' requests, ' || sum(nanos) || ' + '
                    || sum(absorbed_nanos) || ' nanos' AS sums
                FROM usage_rollups GROUP BY account),
            b AS (
                SELECT account, requests || ' requests, ' || nanos || ' + ' || absorbed_nanos
                    || ' nanos' AS sums
                FROM balances)
            SELECT 'account ' || account AS place,
                coalesce(r.sums, 'nothing') AS expected, coalesce(b.sums, 'nothing') AS found
            FROM r FULL JOIN b USING (account)
            WHERE r.sums IS DISTINCT FROM b.sums ORDER BY 1 LIMIT :most
            """;

    private static final String SPENT =
            """
            WITH r AS (
                SELECT u.account, s.subject, p.period, sum(u.nanos)::bigint AS nanos
                FROM usage_rollups u LEFT JOIN api_keys k ON k.id = u.key_id
                CROSS JOIN LATERAL (VALUES ('account:' || u.account), ('user:' || u.user_id),
                    ('key:' || coalesce(k.counted_as, u.key_id))) AS s (subject)
                CROSS JOIN LATERAL (VALUES (to_char(u.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD')),
                    (to_char(u.hour AT TIME ZONE 'UTC', 'YYYY-MM')), ('total')) AS p (period)
                WHERE u.nanos > 0 AND s.subject <> 'key:00000000-0000-0000-0000-000000000000'
                GROUP BY 1, 2, 3)
            SELECT 'account ' || account || ', ' || subject || ', ' || period AS place,
                coalesce(r.nanos, 0) || ' nanos' AS expected,
                coalesce(s.nanos, 0) || ' nanos' AS found
            FROM r FULL JOIN spent s USING (account, subject, period)
            WHERE coalesce(r.nanos, 0) <> coalesce(s.nanos, 0) ORDER BY 1 LIMIT :most
            """;

    private CheckSql() {}

    /// The hours that the ledger still has: from the oldest one on.
    static Optional<Instant> oldest(Handle handle) {
        return handle.createQuery("SELECT min(accepted_at) FROM ledger")
                .mapTo(OffsetDateTime.class)
                .findFirst()
                .map(OffsetDateTime::toInstant);
    }

    static List<Difference> rollups(Handle handle, Instant from, Instant to) {
        Query query =
                handle.createQuery(ROLLUPS)
                        .bind("from", from.atOffset(ZoneOffset.UTC))
                        .bind("to", to.atOffset(ZoneOffset.UTC));
        return differences(query, Between.LEDGER_AND_ROLLUPS);
    }

    static List<Difference> days(Handle handle) {
        return differences(handle.createQuery(DAYS), Between.ROLLUPS_AND_DAYS);
    }

    static List<Difference> balances(Handle handle) {
        return differences(handle.createQuery(BALANCES), Between.ROLLUPS_AND_BALANCES);
    }

    static List<Difference> spent(Handle handle) {
        return differences(handle.createQuery(SPENT), Between.ROLLUPS_AND_SPENT);
    }

    private static List<Difference> differences(Query query, Between between) {
        return query.bind("most", MOST)
                .map(
                        (row, _) ->
                                new Difference(
                                        between,
                                        row.getString("place"),
                                        row.getString("expected"),
                                        row.getString("found")))
                .list();
    }

    /// Those of these tasks that were neither billed nor set aside.
    static List<UUID> missing(Handle handle, Set<UUID> tasks) {
        List<UUID> ids = List.copyOf(tasks);
        return handle.createQuery(
                        """
                        SELECT t.task FROM unnest(:tasks, :accepted) AS t (task, accepted)
                        WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.task = t.task
                                AND l.accepted_at
                                    = timestamptz 'epoch' + interval '1 ms' * t.accepted)
                            AND NOT EXISTS (SELECT 1 FROM usage_rejects r WHERE r.task = t.task)
                        """)
                .bindArray("tasks", UUID.class, ids)
                .bindArray(
                        "accepted",
                        Long.class,
                        ids.stream().map(id -> id.getMostSignificantBits() >>> 16).toList())
                .mapTo(UUID.class)
                .list();
    }
}
