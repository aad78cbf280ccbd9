// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.access.ClientAddress;
import io.uplion.counters.floors.Floors;
import io.uplion.gateway.http.Beside;
import io.uplion.portal.Portal;
import io.uplion.portal.changes.Deliveries;
import io.uplion.portal.http.Api;
import io.uplion.portal.http.Clients;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;

/// The portal on the gateway's port.
final class PortalBeside implements Beside, AutoCloseable {
    private final Api api;

    private PortalBeside(Api api) {
        this.api = api;
    }

    static PortalBeside start(Vertx vertx, Storage storage, Floors floors, ClientAddress clients) {
        return new PortalBeside(
                Portal.api(
                        new Portal.Ports(
                                vertx,
                                storage.database(),
                                storage.reads(),
                                new Deliveries(storage.database(), floors),
                                new Clients(clients.proxies()),
                                Clock.systemUTC())));
    }

    @Override
    public boolean serve(HttpServerRequest request) {
        boolean mine = Api.isAbout(request);
        if (mine) {
            api.handle(request);
        }
        return mine;
    }

    @Override
    public void close() {
        api.close();
    }
}
