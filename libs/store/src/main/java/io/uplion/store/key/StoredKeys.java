// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import io.uplion.platform.identity.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;

/// Looks keys and sessions up, with the time as of which the answer holds, in one question.
public final class StoredKeys {
    /// The keys of one change that are told along with it; whoever has more asks a replica.
    private static final int MOST = 5_000;

    private static final String LIMITS =
            "jsonb_build_object('rpm', %1$s.rpm, 'tpm', %1$s.tpm, 'concurrent', %1$s.concurrent,"
                    + " 'nanos', %1$s.budget_nanos, 'period', %1$s.budget_period)";

    private static final String KEY =
            """
            jsonb_build_object(
                'hash', encode(k.sha256, 'hex'), 'id', k.id, 'account', k.account_id,
                'user', k.user_id, 'countedAs', coalesce(k.counted_as, k.id),
                'versions', jsonb_build_array(k.version, u.version, a.version),
                'roles', u.roles, 'userGroups', u.groups, 'groups', k.groups,
                'models', k.models, 'scopes', k.scopes, 'ranges', k.ip_ranges::text[],
                'expiresAt', k.expires_at, 'revokedAt', k.revoked_at,
                'worksUntil', k.works_until,
                'usable', k.enabled AND NOT u.disabled AND NOT a.disabled
                    AND m.user_id IS NOT NULL,
                'keyLimits', %s, 'userLimits', %s, 'accountLimits', %s)::text"""
                    .formatted(LIMITS.formatted("k"), LIMITS.formatted("u"), LIMITS.formatted("a"));

    private static final String SESSION =
            """
            jsonb_build_object(
                'hash', encode(k.sha256, 'hex'), 'session', k.id, 'account', a.id, 'user', u.id,
                'versions', jsonb_build_array(k.version, u.version, a.version),
                'roles', u.roles, 'userGroups', u.groups, 'groups', '{}'::text[],
                'models', '{}'::text[], 'scopes', '{INFERENCE,MANAGEMENT}'::text[],
                'ranges', '{}'::text[], 'expiresAt', k.expires_at, 'revokedAt', k.ended_at,
                'worksUntil', NULL, 'usable', NOT u.disabled AND NOT a.disabled,
                'userLimits', %s, 'accountLimits', %s)::text"""
                    .formatted(LIMITS.formatted("u"), LIMITS.formatted("a"));

    /// Also where nothing is found there is a row that says as of when.
    private static final String SELECT =
            """
            SELECT s.replica, s.as_of, f.key
            FROM (SELECT pg_is_in_recovery() AS replica,
                         CASE WHEN pg_is_in_recovery() THEN (SELECT at FROM heartbeat)
                              ELSE statement_timestamp() END AS as_of) s
            LEFT JOIN (
                (SELECT %s AS key
                FROM api_keys k
                JOIN users u ON u.id = k.user_id
                JOIN accounts a ON a.id = k.account_id
                LEFT JOIN account_members m
                    ON m.account_id = k.account_id AND m.user_id = k.user_id
                WHERE %s)
                UNION ALL
                (SELECT %s
                FROM sessions k
                JOIN users u ON u.id = k.user_id
                JOIN accounts a ON a.id = u.personal_account
                WHERE %s)
            ) f ON true
            """;

    private static final String BY_HASH =
            SELECT.formatted(KEY, "k.sha256 = ANY(:hashes)", SESSION, "k.sha256 = ANY(:hashes)");

    private static final String BY_SUBJECT =
            SELECT.formatted(
                    KEY,
                    "k.id = ANY(:keys) OR (k.revoked_at IS NULL AND k.enabled"
                            + " AND (k.user_id = ANY(:users) OR k.account_id = ANY(:accounts)))"
                            + " LIMIT "
                            + MOST,
                    SESSION,
                    "k.id = ANY(:sessions) OR (k.ended_at IS NULL AND k.expires_at > now()"
                            + " AND k.user_id = ANY(ARRAY(SELECT id FROM users WHERE"
                            + " id = ANY(:users) OR personal_account = ANY(:accounts))))"
                            + " LIMIT "
                            + MOST);

    private final Jdbi jdbi;

    public StoredKeys(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// What the database says, and how old that may be.
    ///
    /// @param time of the primary: whatever was committed before it is in the answer
    /// @param replica whether a replica has answered: then the time is that of the last heartbeat
    ///   which it has heard of
    public record AsOf(Instant time, boolean replica) {}

    /// @param keys those that exist
    public record Found(Map<KeyHash, StoredKey> keys, AsOf asOf) {}

    /// Throws `JdbiException` where the database cannot be asked.
    public Found find(Set<KeyHash> hashes) {
        byte[][] bytes = hashes.stream().map(KeyHash::toBytes).toArray(byte[][]::new);
        return jdbi.withHandle(
                handle -> found(handle.createQuery(BY_HASH).bind("hashes", array(bytes))));
    }

    /// The keys and sessions that a change of these touches: they themselves, and those that may be
    /// used of the users and accounts.
    public Found touchedBy(Collection<Subject> subjects) {
        return jdbi.withHandle(
                handle ->
                        found(
                                handle.createQuery(BY_SUBJECT)
                                        .bindArray(
                                                "keys", UUID.class, ids(subjects, Subject.Kind.KEY))
                                        .bindArray(
                                                "sessions",
                                                UUID.class,
                                                ids(subjects, Subject.Kind.SESSION))
                                        .bindArray(
                                                "users",
                                                UUID.class,
                                                ids(subjects, Subject.Kind.USER))
                                        .bindArray(
                                                "accounts",
                                                UUID.class,
                                                ids(subjects, Subject.Kind.ACCOUNT))));
    }

    private static Object[] ids(Collection<Subject> subjects, Subject.Kind kind) {
        return subjects.stream()
                .filter(subject -> subject.kind() == kind)
                .map(Subject::id)
                .distinct()
                .toArray();
    }

    private static Found found(Query query) {
        Map<KeyHash, StoredKey> keys = new HashMap<>();
        AsOf asOf =
                query.map(
                                (row, _) -> {
                                    String text = row.getString("key");
                                    if (text != null) {
                                        StoredKey key = StoredKey.parse(text);
                                        keys.put(key.hash(), key);
                                    }
                                    return asOf(row);
                                })
                        .list()
                        .getFirst();
        return new Found(keys, asOf);
    }

    private static AsOf asOf(ResultSet row) throws SQLException {
        return new AsOf(
                row.getObject("as_of", OffsetDateTime.class).toInstant(),
                row.getBoolean("replica"));
    }

    private static Argument array(byte[][] values) {
        return (position, statement, _) ->
                statement.setArray(
                        position, statement.getConnection().createArrayOf("bytea", values));
    }
}
