// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.AccessConfig;
import io.uplion.gateway.edge.Edge;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import java.time.Clock;

class LocalEdgeIT extends KeyEdgeContract {
    private Database reads;
    private Access access;

    @Override
    Edge open(DatabaseConfig database) {
        reads = Database.open(database);
        access = Access.start(AccessConfig.defaults(), reads, Clock.systemUTC());
        return LocalEdge.of(access, () -> true);
    }

    @Override
    void closeEdge() {
        access.close();
        reads.close();
    }
}
