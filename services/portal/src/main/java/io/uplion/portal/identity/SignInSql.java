// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.store.key.KeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.Handle;

/// The statements about failed sign-ins.
final class SignInSql {

    /// @param email as the database compares it
    /// @param hereBefore whether its user has had a session from this address
    record Who(String email, boolean hereBefore) {}

    record Failures(int count, Instant lastAt, Instant blockedUntil) {}

    private SignInSql() {}

    static Who who(Handle handle, String email, String address) {
        return handle.createQuery(
                        """
                        SELECT lower(:email) AS email, EXISTS (
                            SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
                            WHERE lower(u.email) = lower(:email) AND s.address = :address) AS here
                        """)
                .bind("email", email)
                .bind("address", address)
                .map((row, _) -> new Who(row.getString("email"), row.getBoolean("here")))
                .one();
    }

    /// Until the transaction ends nobody else reads it so.
    static Failures lock(Handle handle, KeyHash subject, Instant now) {
        handle.createUpdate(
                        """
                        INSERT INTO sign_in_failures (subject, failures, last_at, blocked_until)
                        VALUES (:subject, 0, :now, :now) ON CONFLICT DO NOTHING
                        """)
                .bind("subject", subject.toBytes())
                .bind("now", now)
                .execute();
        return handle.createQuery(
                        """
                        SELECT failures, last_at, blocked_until FROM sign_in_failures
                        WHERE subject = :subject FOR UPDATE
                        """)
                .bind("subject", subject.toBytes())
                .map((row, _) -> failures(row))
                .findOne()
                .orElseGet(() -> new Failures(0, now, now));
    }

    private static Failures failures(ResultSet row) throws SQLException {
        return new Failures(
                row.getInt("failures"),
                row.getObject("last_at", OffsetDateTime.class).toInstant(),
                row.getObject("blocked_until", OffsetDateTime.class).toInstant());
    }

    static void set(Handle handle, KeyHash subject, Failures failures) {
        handle.createUpdate(
                        """
                        UPDATE sign_in_failures
                        SET failures = :count, last_at = :lastAt, blocked_until = :blockedUntil
                        WHERE subject = :subject
                        """)
                .bind("subject", subject.toBytes())
                .bind("count", failures.count())
                .bind("lastAt", failures.lastAt())
                .bind("blockedUntil", failures.blockedUntil())
                .execute();
    }

    static void forget(Handle handle, KeyHash subject) {
        handle.createUpdate("DELETE FROM sign_in_failures WHERE subject = :subject")
                .bind("subject", subject.toBytes())
                .execute();
    }

    /// One failure less, and nobody waits for the one that was none.
    static void takeBack(Handle handle, KeyHash subject, Instant now) {
        handle.createUpdate(
                        """
                        UPDATE sign_in_failures
                        SET failures = greatest(failures - 1, 0), blocked_until = :now
                        WHERE subject = :subject
                        """)
                .bind("subject", subject.toBytes())
                .bind("now", now)
                .execute();
    }

    /// What is old, and of the rest what is more than so many, the oldest first.
    static void sweep(Handle handle, Instant before, int most) {
        handle.createUpdate("DELETE FROM sign_in_failures WHERE last_at < :before")
                .bind("before", before)
                .execute();
        handle.createUpdate(
                        """
                        DELETE FROM sign_in_failures WHERE subject IN (
                            SELECT subject FROM sign_in_failures
                            ORDER BY last_at DESC OFFSET :most)
                        """)
                .bind("most", most)
                .execute();
    }
}
