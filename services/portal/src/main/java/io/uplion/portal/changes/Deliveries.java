// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import io.uplion.counters.floors.Floor;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.Kept;
import io.uplion.store.Database;
import io.uplion.store.key.DatedKey;
import io.uplion.store.key.StoredKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes changes known: raises the floors, then puts the keys as they are now into the cache that
/// nodes share, so that they need not wait for a replica. Both may be done again and by several at
/// once.
public final class Deliveries implements AfterChange {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int AT_ONCE = 500;

    private final Jdbi jdbi;
    private final Floors floors;
    private final StoredKeys keys;

    /// @param database the primary
    public Deliveries(Database database, Floors floors) {
        this.jdbi = database.jdbi();
        this.floors = floors;
        this.keys = new StoredKeys(jdbi);
    }

    @Override
    public void committed() {
        try {
            deliver();
        } catch (RuntimeException e) {
            LOG.debug("the relay makes it known", e);
        }
    }

    /// All that wait. Throws where database or counters cannot be asked; what is not known for sure
    /// to be delivered goes on waiting.
    void deliver() {
        List<Floor> waiting;
        do {
            waiting = jdbi.withHandle(handle -> ChangeSql.waiting(handle, AT_ONCE));
            if (!waiting.isEmpty()) {
                List<Floor> told = waiting;
                tell(told);
                jdbi.useHandle(handle -> ChangeSql.delivered(handle, told));
            }
        } while (waiting.size() == AT_ONCE);
    }

    /// Once more, what was delivered lately: a store that has lost something gets it back.
    void deliverAgain(Duration lately) {
        List<Floor> delivered = again(lately, -1);
        while (!delivered.isEmpty()) {
            tell(delivered);
            delivered = again(lately, delivered.getLast().version());
        }
    }

    private List<Floor> again(Duration lately, long after) {
        return jdbi.withHandle(handle -> ChangeSql.deliveredWithin(handle, lately, after, AT_ONCE));
    }

    private void tell(List<Floor> changes) {
        floors.raise(changes);
        StoredKeys.Found touched = keys.touchedBy(changes.stream().map(Floor::subject).toList());
        Instant asOf = touched.asOf().time();
        floors.keep(
                touched.keys().values().stream()
                        .map(
                                key ->
                                        new Kept(
                                                key.hash().toString(),
                                                key.versions().rank(),
                                                asOf.toEpochMilli(),
                                                new DatedKey(key, asOf).text()))
                        .toList());
    }
}
