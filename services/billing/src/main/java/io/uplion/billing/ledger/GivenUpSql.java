// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The statements about tasks whose money was freed before anybody said what they used.
///
/// Whoever gives up waits for those who write charges, and they for him: of a task either its
/// charge or its giving up is there first, for all to see. A lock by itself, because a statement
/// sees what was there when it began, and not when it had waited.
final class GivenUpSql {

    private GivenUpSql() {}

    /// Until the end of the transaction. Does not keep other writers of charges waiting.
    static void lockToCharge(Handle handle) {
        lock(handle, "pg_advisory_xact_lock_shared");
    }

    /// Until the end of the transaction.
    static void lockToGiveUp(Handle handle) {
        lock(handle, "pg_advisory_xact_lock");
    }

    private static void lock(Handle handle, String function) {
        handle.createQuery("SELECT 1 FROM " + function + "(hashtext('uplion.given_up'))")
                .mapTo(Integer.class)
                .one();
    }

    /// Those that were given up of the tasks from one to another: most often none, and never many.
    static Set<UUID> between(Handle handle, UUID first, UUID last) {
        return new HashSet<>(
                handle.createQuery("SELECT task FROM given_up WHERE task BETWEEN :first AND :last")
                        .bind("first", first)
                        .bind("last", last)
                        .mapTo(UUID.class)
                        .list());
    }

    /// Those of these tasks that were given up.
    static Set<UUID> among(Handle handle, Collection<UUID> tasks) {
        return new HashSet<>(
                handle.createQuery("SELECT task FROM given_up WHERE task = ANY(:tasks)")
                        .bindArray("tasks", UUID.class, tasks)
                        .mapTo(UUID.class)
                        .list());
    }

    /// Those that are billed stay as they are.
    static void add(Handle handle, Collection<UUID> tasks) {
        handle.createUpdate(
                        """
                        INSERT INTO given_up (task)
                        SELECT t.task FROM unnest(:tasks, :accepted) AS t (task, accepted)
                        WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.task = t.task
                            AND l.accepted_at = timestamptz 'epoch' + interval '1 ms' * t.accepted)
                        ON CONFLICT DO NOTHING
                        """)
                .bindArray("tasks", UUID.class, tasks)
                .bindArray(
                        "accepted",
                        Long.class,
                        tasks.stream().map(task -> task.getMostSignificantBits() >>> 16).toList())
                .execute();
    }

    /// Usage of tasks as old as that is billed no more.
    static void drop(Handle handle, Instant before) {
        handle.createUpdate("DELETE FROM given_up WHERE at < :before")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .execute();
    }
}
