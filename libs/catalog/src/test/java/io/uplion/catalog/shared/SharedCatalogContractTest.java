// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.CatalogContract;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.counters.InProcessSharedState;
import java.util.List;

/// From the controller to a gateway, through a store.
class SharedCatalogContractTest extends CatalogContract {
    private final InProcessSharedState store = new InProcessSharedState(time::nanoTime);
    private final CatalogPublisher controller = new CatalogPublisher(store);
    private final SharedCatalog gateway = new SharedCatalog(store, time, time::nanoTime);

    @Override
    protected Catalog catalog() {
        return gateway;
    }

    @Override
    protected void publish(AIModel... pools) {
        controller.publish(List.of(pools));
        everybodyDoesARound();
    }

    @Override
    protected void report(String pool, PoolStatus status) {
        controller.report(pool, PoolState.of(status));
        everybodyDoesARound();
    }

    private void everybodyDoesARound() {
        controller.round();
        gateway.round();
    }
}
