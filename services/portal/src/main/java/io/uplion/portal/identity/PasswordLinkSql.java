// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.store.key.KeyHash;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The statements about links by which somebody chooses a password.
final class PasswordLinkSql {
    private PasswordLinkSql() {}

    static void put(Handle handle, UUID user, KeyHash hash, Instant now, Instant expiresAt) {
        handle.createUpdate(
                        """
                        INSERT INTO password_links (user_id, sha256, created_at, expires_at)
                        VALUES (:user, :hash, :now, :expiresAt)
                        ON CONFLICT (user_id) DO UPDATE
                        SET sha256 = :hash, created_at = :now, expires_at = :expiresAt
                        """)
                .bind("user", user)
                .bind("hash", hash.toBytes())
                .bind("now", now)
                .bind("expiresAt", expiresAt)
                .execute();
    }

    static Optional<UUID> user(Handle handle, KeyHash hash, Instant now) {
        return handle.createQuery(
                        """
                        SELECT user_id FROM password_links
                        WHERE sha256 = :hash AND expires_at > :now
                        """)
                .bind("hash", hash.toBytes())
                .bind("now", now)
                .mapTo(UUID.class)
                .findOne();
    }

    /// @return whether it was still there: of two at once one gets it
    static boolean take(Handle handle, UUID user, KeyHash hash) {
        return handle.createUpdate(
                                "DELETE FROM password_links WHERE user_id = :user"
                                        + " AND sha256 = :hash")
                        .bind("user", user)
                        .bind("hash", hash.toBytes())
                        .execute()
                == 1;
    }

    static void drop(Handle handle, UUID user) {
        handle.execute("DELETE FROM password_links WHERE user_id = ?", user);
    }
}
