// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import io.uplion.counters.Rounds;
import io.uplion.store.Database;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/// Writes the time into the database each second: what a replica has heard of it says how far it
/// has come. Several may do it, and it does not depend on the counters.
public final class Heartbeat implements AutoCloseable {
    private static final Duration EACH = Duration.ofSeconds(1);

    private final Rounds rounds;

    private Heartbeat(Rounds rounds) {
        this.rounds = rounds;
    }

    /// @param database the primary
    public static Heartbeat start(Database database) {
        Jdbi jdbi = database.jdbi();
        return new Heartbeat(
                Rounds.startAside("heartbeat", EACH, () -> jdbi.useHandle(ChangeSql::beat)));
    }

    @Override
    public void close() {
        rounds.close();
    }
}
