// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.store.key.KeyHash;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/// One query by the keys' hashes, an indexed column.
final class SqlKeyReads implements KeyReads {

    private static final String FIND =
            """
            SELECT k.sha256, k.id, k.account_id, k.user_id, k.models, k.expires_at, k.revoked_at,
                   u.roles, u.groups,
                   k.enabled AND NOT u.disabled AND NOT a.disabled AND m.user_id IS NOT NULL
                       AS usable
            FROM api_keys k
            JOIN users u ON u.id = k.user_id
            JOIN accounts a ON a.id = k.account_id
            LEFT JOIN account_members m ON m.account_id = k.account_id AND m.user_id = k.user_id
            WHERE k.sha256 = ANY(:hashes)
            """;

    private final Jdbi jdbi;

    SqlKeyReads(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Map<KeyHash, KeyRecord> find(Set<KeyHash> hashes) {
        byte[][] bytes = hashes.stream().map(KeyHash::toBytes).toArray(byte[][]::new);
        Map<KeyHash, KeyRecord> found = new HashMap<>();
        try {
            jdbi.useHandle(
                    handle ->
                            handle.createQuery(FIND)
                                    .bind("hashes", array(bytes))
                                    .map((row, _) -> found.put(hash(row), record(row)))
                                    .list());
        } catch (JdbiException e) {
            throw new Failed(e);
        }
        return found;
    }

    private static Argument array(byte[][] values) {
        return (position, statement, _) ->
                statement.setArray(
                        position, statement.getConnection().createArrayOf("bytea", values));
    }

    private static KeyHash hash(ResultSet row) throws SQLException {
        return KeyHash.of(row.getBytes("sha256"));
    }

    private static KeyRecord record(ResultSet row) throws SQLException {
        Principal principal =
                new Principal(
                        row.getObject("account_id", UUID.class),
                        row.getObject("user_id", UUID.class),
                        Optional.of(row.getObject("id", UUID.class)),
                        roles(texts(row, "roles")),
                        texts(row, "groups"),
                        texts(row, "models"));
        return new KeyRecord(
                principal,
                row.getBoolean("usable"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"));
    }

    /// A role this version does not know gives no rights.
    private static Set<Role> roles(Set<String> names) {
        return Stream.of(Role.values())
                .filter(role -> names.contains(role.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return Arrays.stream((String[]) array.getArray()).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
