// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import io.uplion.counters.floors.Floor;
import io.uplion.platform.identity.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The statements about changes that are to be made known.
final class ChangeSql {
    private static final String SELECT = "SELECT version, kind, id, ended FROM access_changes ";

    private ChangeSql() {}

    /// Those that nobody has made known yet, the oldest first.
    static List<Floor> waiting(Handle handle, int limit) {
        return handle.createQuery(
                        SELECT + "WHERE delivered_at IS NULL ORDER BY version LIMIT :limit")
                .bind("limit", limit)
                .map((row, _) -> floor(row))
                .list();
    }

    /// Those that were made known in this time up to now, in the order of their versions.
    static List<Floor> deliveredWithin(Handle handle, Duration time, long after, int limit) {
        return handle.createQuery(
                        SELECT
                                + """
                                WHERE delivered_at
                                        > clock_timestamp() - make_interval(secs => :secs)
                                    AND version > :after
                                ORDER BY version LIMIT :limit
                                """)
                .bind("secs", time.toSeconds())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> floor(row))
                .list();
    }

    private static Floor floor(ResultSet row) throws SQLException {
        Subject subject =
                new Subject(
                        Subject.Kind.valueOf(row.getString("kind")),
                        row.getObject("id", UUID.class));
        return new Floor(subject, row.getLong("version"), row.getBoolean("ended"));
    }

    static void delivered(Handle handle, Collection<Floor> floors) {
        handle.createUpdate(
                        """
                        UPDATE access_changes SET delivered_at = clock_timestamp()
                        WHERE version = ANY(:versions) AND delivered_at IS NULL
                        """)
                .bindArray("versions", Long.class, floors.stream().map(Floor::version).toList())
                .execute();
    }

    static void forget(Handle handle, Duration age) {
        handle.createUpdate(
                        """
                        DELETE FROM access_changes
                        WHERE delivered_at < clock_timestamp() - make_interval(secs => :secs)
                        """)
                .bind("secs", age.toSeconds())
                .execute();
    }

    static void beat(Handle handle) {
        handle.createUpdate("UPDATE heartbeat SET at = clock_timestamp()").execute();
    }

    static void used(Handle handle, Collection<UUID> keys, Collection<Long> seconds) {
        handle.createUpdate(
                        """
                        UPDATE api_keys k SET last_used_at = to_timestamp(u.at)
                        FROM unnest(:keys, :seconds) AS u (id, at)
                        WHERE k.id = u.id
                            AND (k.last_used_at IS NULL OR k.last_used_at < to_timestamp(u.at))
                        """)
                .bindArray("keys", UUID.class, keys)
                .bindArray("seconds", Long.class, seconds)
                .execute();
    }
}
