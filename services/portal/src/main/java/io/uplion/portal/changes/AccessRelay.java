// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.store.Database;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Makes known what whoever changed something did not, because it died, or does not know the
/// counters; fills a store that has begun anew; and vouches for the floors as long as it does so.
/// One does it at a time.
public final class AccessRelay implements AutoCloseable {
    private static final Duration EACH = Duration.ofMillis(500);

    /// A round and what may be late in it; after that nodes believe nothing but a recent replica.
    private static final Duration VOUCHED = Duration.ofMillis(2500);

    /// Then a round takes as long as somebody waits for a connection.
    private static final Duration VOUCHED_WHILE_AWAY = Duration.ofSeconds(5);

    /// A round that has taken longer knows too little of now to vouch for it.
    private static final Duration SLOW = Duration.ofSeconds(1);

    /// What a failover of the store can lose.
    private static final Duration LATELY = Duration.ofSeconds(30);

    private static final int ROUNDS_PER_REPEAT = 4;
    private static final int ROUNDS_PER_CLEANING = 1200;
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final String NAME = "access-relay";

    private final Jdbi jdbi;
    private final Deliveries deliveries;
    private final Floors floors;
    private final SharedState leases;
    private final KeyUse use;
    private final String owner = UUID.randomUUID().toString();
    private final Rounds rounds;
    private String filled = "";

    /// The store to which everything has been told that there was.
    private String toldAll = "";

    private long round;

    private AccessRelay(Database database, Floors floors, SharedState leases) {
        this.jdbi = database.jdbi();
        this.deliveries = new Deliveries(database, floors);
        this.floors = floors;
        this.leases = leases;
        this.use = new KeyUse(jdbi, leases);
        this.rounds = Rounds.startAside(NAME, EACH, this::round);
    }

    /// @param database the primary
    /// @param leases say which of several relays works
    public static AccessRelay start(Database database, Floors floors, SharedState leases) {
        return new AccessRelay(database, floors, leases);
    }

    private void round() {
        if (!leases.lease(NAME, owner, LEASE)) {
            return;
        }
        String incarnation = floors.incarnation();
        if (!incarnation.equals(filled)) {
            deliveries.deliverAgain(Floors.LIFE);
            filled = incarnation;
        }
        if (!deliver(incarnation)) {
            return;
        }
        round++;
        if (round % ROUNDS_PER_REPEAT == 0) {
            deliveries.deliverAgain(LATELY);
        }
        if (round % KeyUse.ROUNDS == 0) {
            use.write();
        }
        if (round % ROUNDS_PER_CLEANING == 0) {
            jdbi.useHandle(handle -> ChangeSql.forget(handle, Floors.LIFE.multipliedBy(2)));
        }
    }

    /// While the primary is away nobody can change anything, and whoever has changed something has
    /// told of it himself: what replicas and caches know stays true, so requests go on.
    ///
    /// @return whether there was a primary to ask
    private boolean deliver(String incarnation) {
        long began = System.nanoTime();
        try {
            deliveries.deliver();
        } catch (JdbiException e) {
            if (!Outage.is(e) || !incarnation.equals(toldAll)) {
                throw e;
            }
            floors.vouch(incarnation, VOUCHED_WHILE_AWAY);
            // Another relay may reach the primary.
            leases.release(NAME, owner);
            return false;
        }
        toldAll = incarnation;
        if (System.nanoTime() - began < SLOW.toNanos()) {
            floors.vouch(incarnation, VOUCHED);
        }
        return true;
    }

    /// The next one need not wait for the lease to run out.
    @Override
    public void close() {
        rounds.close();
        try {
            leases.release(NAME, owner);
        } catch (RuntimeException _) {
            // It runs out.
        }
    }
}
