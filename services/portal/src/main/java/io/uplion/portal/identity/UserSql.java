// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// The statements about users and accounts.
final class UserSql {

    static final String COLUMNS =
            "id, personal_account, email, name, password_hash, roles, groups, disabled,"
                    + " must_change_password, created_at";

    /// Serializes first starts. Any constant does that no other lock of ours uses.
    private static final long FIRST_USER_LOCK = 0x75706c_0001L;

    /// @param hash empty: this user signs in elsewhere
    record Login(User user, Optional<String> hash) {}

    private UserSql() {}

    static Optional<Login> login(Handle handle, String email) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM users WHERE lower(email) = lower(:email)")
                .bind("email", email)
                .map((row, _) -> login(row))
                .findOne();
    }

    static Optional<Login> login(Handle handle, UUID user) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM users WHERE id = :id")
                .bind("id", user)
                .map((row, _) -> login(row))
                .findOne();
    }

    static boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT NOT EXISTS (SELECT 1 FROM users)")
                .mapTo(Boolean.class)
                .one();
    }

    /// True if there are no users, and then until the transaction ends nobody else gets true.
    static boolean lockWhileEmpty(Handle handle) {
        handle.execute("SELECT pg_advisory_xact_lock(?)", FIRST_USER_LOCK);
        return isEmpty(handle);
    }

    /// With the personal account. False if the email is taken; then nothing is left behind.
    ///
    /// @param hash empty: this user has no password
    static boolean insert(Handle handle, User user, Optional<String> hash) {
        insertAccount(handle, user);
        if (!insertUser(handle, user, hash)) {
            handle.rollback();
            return false;
        }
        insertMembership(handle, user);
        return true;
    }

    private static void insertAccount(Handle handle, User user) {
        handle.createUpdate(
                        """
                        INSERT INTO accounts (id, name, kind, created_at)
                        VALUES (:id, :name, 'PERSONAL', :createdAt)
                        """)
                .bind("id", user.account())
                .bind("name", user.name())
                .bind("createdAt", user.createdAt())
                .execute();
    }

    private static boolean insertUser(Handle handle, User user, Optional<String> hash) {
        int inserted =
                handle.createUpdate(
                                """
                                INSERT INTO users (id, personal_account, email, name, password_hash,
                                    must_change_password, roles, groups, created_at,
                                    password_changed_at)
                                VALUES (:id, :account, :email, :name, :hash,
                                    :mustChange, :roles, :groups, :createdAt, :createdAt)
                                ON CONFLICT (lower(email)) DO NOTHING
                                """)
                        .bind("id", user.id())
                        .bind("account", user.account())
                        .bind("email", user.email())
                        .bind("name", user.name())
                        .bindByType("hash", hash.orElse(null), String.class)
                        .bind("mustChange", user.mustChangePassword())
                        .bindArray("roles", String.class, names(user.roles()))
                        .bindArray("groups", String.class, user.groups())
                        .bind("createdAt", user.createdAt())
                        .execute();
        return inserted == 1;
    }

    private static void insertMembership(Handle handle, User user) {
        handle.createUpdate(
                        """
                        INSERT INTO account_members (account_id, user_id, created_at)
                        VALUES (:account, :user, :createdAt)
                        """)
                .bind("account", user.account())
                .bind("user", user.id())
                .bind("createdAt", user.createdAt())
                .execute();
    }

    static Optional<User> setPassword(Handle handle, String email, String hash, Instant now) {
        return handle.createQuery(
                        """
                        UPDATE users
                        SET password_hash = :hash, must_change_password = true,
                            password_changed_at = :now
                        WHERE lower(email) = lower(:email)
                        RETURNING\s"""
                                + COLUMNS)
                .bind("email", email)
                .bind("hash", hash)
                .bind("now", now)
                .map((row, _) -> login(row).user())
                .findOne();
    }

    /// False if the password is no longer the one that was checked.
    static boolean changePassword(
            Handle handle, UUID user, String before, String hash, Instant now) {
        int changed =
                handle.createUpdate(
                                """
                                UPDATE users
                                SET password_hash = :hash, must_change_password = false,
                                    password_changed_at = :now
                                WHERE id = :id AND password_hash = :before
                                """)
                        .bind("id", user)
                        .bind("before", before)
                        .bind("hash", hash)
                        .bind("now", now)
                        .execute();
        return changed == 1;
    }

    /// Of one who has shown a link.
    static void choosePassword(Handle handle, UUID user, String hash, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE users
                        SET password_hash = :hash, must_change_password = false,
                            password_changed_at = :now
                        WHERE id = :id
                        """)
                .bind("id", user)
                .bind("hash", hash)
                .bind("now", now)
                .execute();
    }

    static Login login(ResultSet row) throws SQLException {
        User user =
                new User(
                        row.getObject("id", UUID.class),
                        row.getObject("personal_account", UUID.class),
                        row.getString("email"),
                        row.getString("name"),
                        roles(texts(row, "roles")),
                        texts(row, "groups"),
                        row.getBoolean("disabled"),
                        row.getBoolean("must_change_password"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant());
        return new Login(user, Optional.ofNullable(row.getString("password_hash")));
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        return Set.copyOf(Arrays.asList((String[]) row.getArray(column).getArray()));
    }

    /// A role this version does not know gives no rights.
    private static Set<Role> roles(Set<String> names) {
        return Stream.of(Role.values())
                .filter(role -> names.contains(role.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    static Set<String> names(Set<Role> roles) {
        return roles.stream().map(Role::name).collect(Collectors.toUnmodifiableSet());
    }
}
