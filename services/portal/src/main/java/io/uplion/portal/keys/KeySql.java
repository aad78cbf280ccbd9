// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.store.key.KeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The statements about keys.
final class KeySql {

    private static final String SELECT =
            """
            SELECT k.id, k.account_id, k.user_id, u.email, k.name, k.prefix, k.last4, k.models,
                   k.enabled, k.expires_at, k.revoked_at, k.created_at, k.last_used_at
            FROM api_keys k JOIN users u ON u.id = k.user_id
            """;

    record Owner(UUID user, UUID account, String email) {}

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

    static int countUsable(Handle handle, Owner owner, Instant now) {
        return handle.createQuery(
                        """
                        SELECT count(*) FROM api_keys
                        WHERE user_id = :user AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > :now)
                        """)
                .bind("user", owner.user())
                .bind("now", now)
                .mapTo(Integer.class)
                .one();
    }

    static void insert(Handle handle, KeyMetadata key, KeyHash hash) {
        handle.createUpdate(
                        """
                        INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,
                            models, enabled, expires_at, created_at)
                        VALUES (:id, :account, :user, :name, :sha256, :prefix, :last4,
                            :models, :enabled, :expiresAt, :createdAt)
                        """)
                .bind("id", key.id())
                .bind("account", key.account())
                .bind("user", key.user())
                .bind("name", key.name())
                .bind("sha256", hash.toBytes())
                .bind("prefix", key.prefix())
                .bind("last4", key.last4())
                .bindArray("models", String.class, key.models())
                .bind("enabled", key.enabled())
                .bindByType("expiresAt", key.expiresAt().orElse(null), Instant.class)
                .bind("createdAt", key.createdAt())
                .execute();
    }

    static List<KeyMetadata> list(Handle handle, int limit) {
        return handle.createQuery(SELECT + "ORDER BY k.created_at DESC, k.id LIMIT :limit")
                .bind("limit", limit)
                .map((row, _) -> metadata(row))
                .list();
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
        return new KeyMetadata(
                row.getObject("id", UUID.class),
                row.getObject("account_id", UUID.class),
                row.getObject("user_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                row.getString("prefix"),
                row.getString("last4"),
                Set.copyOf(Arrays.asList((String[]) row.getArray("models").getArray())),
                row.getBoolean("enabled"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                instant(row, "created_at").orElseThrow(),
                instant(row, "last_used_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }
}
