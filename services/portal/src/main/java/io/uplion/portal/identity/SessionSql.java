// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.store.key.KeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The statements about sessions. That one ends is told to all nodes by a trigger.
final class SessionSql {
    private static final String COLUMNS =
            "id, user_id, created_at, last_seen_at, expires_at, address, user_agent";
    private static final String LIVE = " AND ended_at IS NULL AND expires_at > :now";

    private SessionSql() {}

    static void insert(Handle handle, Session session, KeyHash hash) {
        handle.createUpdate(
                        """
                        INSERT INTO sessions (id, user_id, sha256, created_at, last_seen_at,
                            expires_at, address, user_agent)
                        VALUES (:id, :user, :hash, :createdAt, :createdAt, :expiresAt, :address,
                            :userAgent)
                        """)
                .bind("id", session.id())
                .bind("user", session.user())
                .bind("hash", hash.toBytes())
                .bind("createdAt", session.createdAt())
                .bind("expiresAt", session.expiresAt())
                .bind("address", session.address())
                .bind("userAgent", session.userAgent())
                .execute();
    }

    static Optional<Session> find(Handle handle, KeyHash hash, Instant now) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM sessions WHERE sha256 = :hash" + LIVE)
                .bind("hash", hash.toBytes())
                .bind("now", now)
                .map((row, _) -> session(row))
                .findOne();
    }

    /// Those that were used last come first.
    static List<Session> of(Handle handle, UUID user, Instant now) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM sessions WHERE user_id = :user"
                                + LIVE
                                + " ORDER BY last_seen_at DESC, id")
                .bind("user", user)
                .bind("now", now)
                .map((row, _) -> session(row))
                .list();
    }

    /// One that has ended meanwhile stays so, and of two nodes one writes.
    static void seen(Handle handle, Session session, Duration each) {
        handle.createUpdate(
                        """
                        UPDATE sessions SET last_seen_at = :seen,
                            expires_at = greatest(expires_at, :expiresAt)
                        WHERE id = :id AND ended_at IS NULL
                            AND last_seen_at <= :noted
                        """)
                .bind("id", session.id())
                .bind("seen", session.lastSeenAt())
                .bind("expiresAt", session.expiresAt())
                .bind("noted", session.lastSeenAt().minus(each))
                .execute();
    }

    static boolean end(Handle handle, UUID user, UUID session, Instant now) {
        return handle.createUpdate(
                                "UPDATE sessions SET ended_at = :now"
                                        + " WHERE id = :id AND user_id = :user"
                                        + LIVE)
                        .bind("id", session)
                        .bind("user", user)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    static int endAll(Handle handle, UUID user, Optional<UUID> except, Instant now) {
        @Nullable UUID kept = except.orElse(null);
        return handle.createUpdate(
                        "UPDATE sessions SET ended_at = :now"
                                + " WHERE user_id = :user"
                                + " AND id IS DISTINCT FROM CAST(:kept AS uuid)"
                                + LIVE)
                .bind("user", user)
                .bind("kept", kept)
                .bind("now", now)
                .execute();
    }

    /// Of more than so many, those that were used longest ago.
    static void endBeyond(Handle handle, UUID user, int most, Instant now) {
        handle.createUpdate(
                        "UPDATE sessions SET ended_at = :now WHERE id IN (SELECT id FROM sessions"
                                + " WHERE user_id = :user"
                                + LIVE
                                + " ORDER BY last_seen_at DESC, created_at DESC OFFSET :most)")
                .bind("user", user)
                .bind("most", most)
                .bind("now", now)
                .execute();
    }

    static void forget(Handle handle, UUID user, Instant before) {
        handle.createUpdate(
                        "DELETE FROM sessions WHERE user_id = :user"
                                + " AND least(ended_at, expires_at) < :before")
                .bind("user", user)
                .bind("before", before)
                .execute();
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getObject("id", UUID.class),
                row.getObject("user_id", UUID.class),
                instant(row, "created_at"),
                instant(row, "last_seen_at"),
                instant(row, "expires_at"),
                row.getString("address"),
                row.getString("user_agent"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
