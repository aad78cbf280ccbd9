// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.limits.LimitColumns;
import io.uplion.portal.paging.Position;
import io.uplion.store.key.IpRange;
import io.uplion.store.key.KeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// The statements about keys.
final class KeySql {

    private static final String SELECT =
            """
            SELECT k.id, k.account_id, k.user_id, u.email, k.name, k.prefix, k.last4, k.models,
                   k.scopes, k.groups, CAST(k.ip_ranges AS text[]) AS ip_ranges, k.rpm, k.tpm,
                   k.concurrent, k.budget_nanos, k.budget_period, k.enabled, k.expires_at,
                   k.revoked_at, k.rolled_to, k.works_until, k.counted_as, k.created_at,
                   k.last_used_at
            FROM api_keys k JOIN users u ON u.id = k.user_id
            """;

    /// @param account that pays
    record Owner(UUID user, UUID account, String email) {
        Owner paidBy(UUID other) {
            return new Owner(user, other, email);
        }
    }

    private KeySql() {}

    /// Locks the user's row, so that two requests at once cannot pass the limit of keys.
    static Optional<Owner> lockOwner(Handle handle, String email) {
        return handle.createQuery(
                        """
                        SELECT id, personal_account, email FROM users
                        WHERE lower(email) = lower(:email)
                        FOR NO KEY UPDATE
                        """)
                .bind("email", email)
                .map(
                        (row, _) ->
                                new Owner(
                                        row.getObject("id", UUID.class),
                                        row.getObject("personal_account", UUID.class),
                                        row.getString("email")))
                .findOne();
    }

    static int countUsable(Handle handle, UUID user, Instant now) {
        return handle.createQuery(
                        """
                        SELECT count(*) FROM api_keys
                        WHERE user_id = :user AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > :now)
                          AND (works_until IS NULL OR works_until > :now)
                        """)
                .bind("user", user)
                .bind("now", now)
                .mapTo(Integer.class)
                .one();
    }

    static boolean isMember(Handle handle, UUID account, UUID user) {
        return handle.createQuery(
                        """
                        SELECT EXISTS (SELECT 1 FROM account_members
                                       WHERE account_id = :account AND user_id = :user)
                        """)
                .bind("account", account)
                .bind("user", user)
                .mapTo(Boolean.class)
                .one();
    }

    static void insert(Handle handle, KeyMetadata key, KeyHash hash) {
        KeyTerms terms = key.terms();
        Update insert =
                handle.createUpdate(
                                """
                                INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix,
                                    last4, models, scopes, groups, ip_ranges, rpm, tpm, concurrent,
                                    budget_nanos, budget_period, enabled, expires_at, created_at,
                                    counted_as)
                                VALUES (:id, :account, :user, :name, :sha256, :prefix,
                                    :last4, :models, :scopes, :groups, CAST(:ranges AS cidr[]),
                                    :rpm, :tpm, :concurrent, :nanos, :period, :enabled, :expiresAt,
                                    :createdAt, :countedAs)
                                """)
                        .bind("id", key.id())
                        .bind("account", key.account())
                        .bind("user", key.user())
                        .bind("name", key.name())
                        .bind("sha256", hash.toBytes())
                        .bind("prefix", key.prefix())
                        .bind("last4", key.last4())
                        .bindArray("models", String.class, terms.models())
                        .bindArray("scopes", String.class, List.of(terms.scope().name()))
                        .bindArray("groups", String.class, terms.groups())
                        .bindArray("ranges", String.class, texts(terms.ranges()))
                        .bind("enabled", key.enabled())
                        .bindByType("expiresAt", key.expiresAt().orElse(null), Instant.class)
                        .bind("createdAt", key.createdAt())
                        .bind("countedAs", key.countedAs());
        LimitColumns.bind(insert, terms.limits()).execute();
    }

    private static List<String> texts(List<IpRange> ranges) {
        return ranges.stream().map(IpRange::toString).toList();
    }

    /// What may change of a key.
    static void update(Handle handle, KeyMetadata key) {
        KeyTerms terms = key.terms();
        Update update =
                handle.createUpdate(
                                "UPDATE api_keys SET name = :name, models = :models,"
                                        + " groups = :groups, ip_ranges = CAST(:ranges AS cidr[]),"
                                        + " enabled = :enabled, expires_at = :expiresAt, "
                                        + LimitColumns.SET
                                        + " WHERE id = :id")
                        .bind("id", key.id())
                        .bind("name", key.name())
                        .bindArray("models", String.class, terms.models())
                        .bindArray("groups", String.class, terms.groups())
                        .bindArray("ranges", String.class, texts(terms.ranges()))
                        .bind("enabled", key.enabled())
                        .bindByType("expiresAt", key.expiresAt().orElse(null), Instant.class);
        LimitColumns.bind(update, terms.limits()).execute();
    }

    static void setRolled(Handle handle, UUID id, UUID successor, Instant until) {
        handle.createUpdate(
                        """
                        UPDATE api_keys SET rolled_to = :successor, works_until = :until
                        WHERE id = :id
                        """)
                .bind("id", id)
                .bind("successor", successor)
                .bind("until", until)
                .execute();
    }

    /// Until the transaction ends nobody else changes it.
    static Optional<KeyMetadata> lock(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE k.id = :id FOR NO KEY UPDATE OF k")
                .bind("id", id)
                .map((row, _) -> metadata(row))
                .findOne();
    }

    static List<KeyMetadata> list(Handle handle, int limit) {
        return handle.createQuery(SELECT + "ORDER BY k.created_at DESC, k.id LIMIT :limit")
                .bind("limit", limit)
                .map((row, _) -> metadata(row))
                .list();
    }

    static List<KeyMetadata> page(Handle handle, Optional<UUID> owner, Position after, int limit) {
        String whose = owner.isPresent() ? "k.user_id = :owner AND " : "";
        Query query =
                handle.createQuery(
                                SELECT
                                        + "WHERE "
                                        + whose
                                        + "(k.created_at, k.id) < (:at, :id)"
                                        + " ORDER BY k.created_at DESC, k.id DESC LIMIT :limit")
                        .bind("at", after.at())
                        .bind("id", after.id())
                        .bind("limit", limit);
        owner.ifPresent(id -> query.bind("owner", id));
        return query.map((row, _) -> metadata(row)).list();
    }

    static List<KeyMetadata> listOf(Handle handle, String email, int limit) {
        return handle.createQuery(
                        SELECT
                                + """
                                WHERE lower(u.email) = lower(:email)
                                ORDER BY k.created_at DESC, k.id LIMIT :limit
                                """)
                .bind("email", email)
                .bind("limit", limit)
                .map((row, _) -> metadata(row))
                .list();
    }

    static Optional<KeyMetadata> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE k.id = :id")
                .bind("id", id)
                .map((row, _) -> metadata(row))
                .findOne();
    }

    /// False if there is no such key or it was revoked before.
    static boolean revoke(Handle handle, UUID id, Instant now) {
        return handle.createUpdate(
                                "UPDATE api_keys SET revoked_at = :now"
                                        + " WHERE id = :id AND revoked_at IS NULL")
                        .bind("id", id)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    private static KeyMetadata metadata(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new KeyMetadata(
                id,
                row.getObject("account_id", UUID.class),
                row.getObject("user_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                row.getString("prefix"),
                row.getString("last4"),
                terms(row),
                row.getBoolean("enabled"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                Optional.ofNullable(row.getObject("rolled_to", UUID.class)),
                instant(row, "works_until"),
                // Empty in rows that are older than the column.
                Objects.requireNonNullElse(row.getObject("counted_as", UUID.class), id),
                instant(row, "created_at").orElseThrow(),
                instant(row, "last_used_at"));
    }

    private static KeyTerms terms(ResultSet row) throws SQLException {
        return new KeyTerms(
                Scope.valueOf(texts(row, "scopes").getFirst()),
                Set.copyOf(texts(row, "models")),
                Set.copyOf(texts(row, "groups")),
                texts(row, "ip_ranges").stream().map(IpRange::parse).toList(),
                LimitColumns.read(row));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }
}
