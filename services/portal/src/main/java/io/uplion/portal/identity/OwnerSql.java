// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import io.uplion.portal.limits.LimitColumns;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// The statements about what users and accounts may use.
final class OwnerSql {

    record Owner(Limits limits, boolean disabled) {}

    private OwnerSql() {}

    static Optional<UUID> user(Handle handle, String email) {
        return handle.createQuery("SELECT id FROM users WHERE lower(email) = lower(:email)")
                .bind("email", email)
                .mapTo(UUID.class)
                .findOne();
    }

    static Optional<UUID> personalAccount(Handle handle, String email) {
        return handle.createQuery(
                        "SELECT personal_account FROM users WHERE lower(email) = lower(:email)")
                .bind("email", email)
                .mapTo(UUID.class)
                .findOne();
    }

    /// Until the transaction ends nobody else changes it.
    static Optional<Owner> lock(Handle handle, Subject subject) {
        return handle.createQuery(
                        "SELECT rpm, tpm, concurrent, budget_nanos, budget_period, disabled FROM "
                                + table(subject)
                                + " WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", subject.id())
                .map((row, _) -> new Owner(LimitColumns.read(row), row.getBoolean("disabled")))
                .findOne();
    }

    static void set(Handle handle, Subject subject, Owner owner) {
        Update update =
                handle.createUpdate(
                                "UPDATE "
                                        + table(subject)
                                        + " SET disabled = :disabled, "
                                        + LimitColumns.SET
                                        + " WHERE id = :id")
                        .bind("id", subject.id())
                        .bind("disabled", owner.disabled());
        LimitColumns.bind(update, owner.limits()).execute();
    }

    private static String table(Subject subject) {
        return switch (subject.kind()) {
            case USER -> "users";
            case ACCOUNT -> "accounts";
            case KEY, SESSION ->
                    throw new IllegalArgumentException("keys and sessions own nothing");
        };
    }
}
