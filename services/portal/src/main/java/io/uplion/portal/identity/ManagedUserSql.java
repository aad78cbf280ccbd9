// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.LimitColumns;
import io.uplion.portal.paging.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// The statements about users as admins see them.
final class ManagedUserSql {
    private static final String SELECT =
            "SELECT "
                    + UserSql.COLUMNS
                    + """
                    , rpm, tpm, concurrent, budget_nanos, budget_period,
                    (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = users.id)
                        AS last_seen_at
                    FROM users
                    """;

    /// Changes of who owns the platform come one after the other: two owners who take the right
    /// from each other at once would leave none. Any constant does that no other lock of ours uses.
    private static final long OWNERS_LOCK = 0x75706c_0002L;

    private ManagedUserSql() {}

    static List<ManagedUser> page(Handle handle, UserQuery asked, Position after, int limit) {
        List<String> wanted = new ArrayList<>(List.of("(created_at, id) < (:at, :id)"));
        asked.text()
                .ifPresent(
                        _ ->
                                wanted.add(
                                        "(email ILIKE :text ESCAPE '~'"
                                                + " OR name ILIKE :text ESCAPE '~')"));
        asked.role().ifPresent(_ -> wanted.add(":role = ANY (roles)"));
        asked.group().ifPresent(_ -> wanted.add(":group = ANY (groups)"));
        asked.disabled().ifPresent(_ -> wanted.add("disabled = :disabled"));
        Query query =
                handle.createQuery(
                                SELECT
                                        + "WHERE "
                                        + String.join(" AND ", wanted)
                                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                        .bind("at", after.at())
                        .bind("id", after.id())
                        .bind("limit", limit);
        asked.text().ifPresent(text -> query.bind("text", '%' + escaped(text) + '%'));
        asked.role().ifPresent(role -> query.bind("role", role.name()));
        asked.group().ifPresent(group -> query.bind("group", group));
        asked.disabled().ifPresent(disabled -> query.bind("disabled", disabled));
        return query.map((row, _) -> user(row)).list();
    }

    private static String escaped(String text) {
        return text.replace("~", "~~").replace("%", "~%").replace("_", "~_");
    }

    static Optional<ManagedUser> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> user(row))
                .findOne();
    }

    /// Until the transaction ends nobody else changes one.
    static Optional<ManagedUser> lock(Handle handle, UUID id) {
        handle.execute("SELECT pg_advisory_xact_lock(?)", OWNERS_LOCK);
        return handle.createQuery(SELECT + "WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", id)
                .map((row, _) -> user(row))
                .findOne();
    }

    static boolean isTheOnlyOwner(Handle handle, UUID id) {
        return handle.createQuery(
                        """
                        SELECT NOT EXISTS (SELECT 1 FROM users
                                           WHERE 'OWNER' = ANY (roles) AND NOT disabled
                                             AND id <> :id)
                        """)
                .bind("id", id)
                .mapTo(Boolean.class)
                .one();
    }

    static void update(Handle handle, ManagedUser after) {
        User user = after.user();
        Update update =
                handle.createUpdate(
                                "UPDATE users SET name = :name, roles = :roles, groups = :groups,"
                                        + " disabled = :disabled, "
                                        + LimitColumns.SET
                                        + " WHERE id = :id")
                        .bind("id", user.id())
                        .bind("name", user.name())
                        .bindArray("roles", String.class, UserSql.names(user.roles()))
                        .bindArray("groups", String.class, user.groups())
                        .bind("disabled", user.disabled());
        LimitColumns.bind(update, after.limits()).execute();
    }

    private static ManagedUser user(ResultSet row) throws SQLException {
        UserSql.Login login = UserSql.login(row);
        return new ManagedUser(
                login.user(),
                LimitColumns.read(row),
                login.hash().isPresent(),
                Optional.ofNullable(row.getObject("last_seen_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
