// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.AccessConfig;
import io.uplion.access.ClientAddress;
import io.uplion.access.Entrance;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.floors.KnownFloors;
import io.uplion.counters.rate.InProcessRateLimits;
import io.uplion.gateway.edge.Edge;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import java.time.Clock;
import java.util.List;

class LocalEdgeIT extends KeyEdgeContract {
    private Database reads;
    private Access access;

    @Override
    Edge open(DatabaseConfig database) {
        reads = Database.open(database);
        var alone =
                new Access.Alone(
                        reads, KnownFloors.NONE, new InProcessSharedState(System::nanoTime));
        access = Access.start(AccessConfig.defaults(), alone, Clock.systemUTC());
        return LocalEdge.of(
                new Entrance(access, new InProcessRateLimits(System::nanoTime)),
                new ClientAddress(List.of()),
                () -> true);
    }

    @Override
    void closeEdge() {
        access.close();
        reads.close();
    }
}
