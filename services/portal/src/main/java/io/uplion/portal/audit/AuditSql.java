// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.audit;

import io.uplion.portal.paging.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// The statements about what was changed.
final class AuditSql {
    private static final String SELECT =
            """
            SELECT a.id, a.at, a.actor, a.key, u.email, a.address, a.action, a.kind, a.object,
                   a.before, a.after
            FROM audit a LEFT JOIN users u ON u.id = a.actor
            WHERE a.at >= :from AND a.at < :to AND (a.at, a.id) < (:position, :id)
            """;

    private AuditSql() {}

    /// Until the transaction ends.
    static void tell(Handle handle, Actor actor) {
        handle.createQuery(
                        """
                        SELECT set_config('uplion.actor', CAST(jsonb_build_object(
                            'actor', :user, 'session', :session, 'key', :key, 'address', :address)
                            AS text),
                            true)
                        """)
                .bind("user", actor.user().toString())
                .bindByType("session", text(actor.session()), String.class)
                .bindByType("key", text(actor.key()), String.class)
                .bind("address", actor.address())
                .mapTo(String.class)
                .one();
    }

    private static @Nullable String text(Optional<UUID> id) {
        return id.map(UUID::toString).orElse(null);
    }

    static List<AuditEntry> page(Handle handle, AuditQuery asked, Position after, int limit) {
        Map<String, Object> only = new LinkedHashMap<>();
        asked.actor().ifPresent(id -> only.put("actor", id));
        asked.object().ifPresent(id -> only.put("object", id));
        asked.kind().ifPresent(kind -> only.put("kind", kind));
        asked.action().ifPresent(action -> only.put("action", action));
        StringBuilder sql = new StringBuilder(SELECT);
        only.keySet().forEach(column -> sql.append("AND a." + column + " = :" + column + " "));
        sql.append("ORDER BY a.at DESC, a.id DESC LIMIT :limit");
        Query query =
                handle.createQuery(sql.toString())
                        .bind("from", asked.from())
                        .bind("to", asked.to())
                        .bind("position", after.at())
                        .bind("id", after.id())
                        .bind("limit", limit);
        only.forEach(query::bind);
        return query.map((row, _) -> entry(row)).list();
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("actor", UUID.class)),
                Optional.ofNullable(row.getString("email")),
                Optional.ofNullable(row.getObject("key", UUID.class)),
                Optional.ofNullable(row.getString("address")),
                row.getString("action"),
                row.getString("kind"),
                row.getObject("object", UUID.class),
                Optional.ofNullable(row.getString("before")),
                Optional.ofNullable(row.getString("after")));
    }
}
