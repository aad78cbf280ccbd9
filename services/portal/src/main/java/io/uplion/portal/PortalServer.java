// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.platform.process.Service;
import io.uplion.portal.changes.AccessRelay;
import io.uplion.portal.changes.Deliveries;
import io.uplion.portal.changes.Heartbeat;
import io.uplion.portal.http.Api;
import io.uplion.portal.http.ApiServer;
import io.uplion.store.Database;
import io.uplion.store.DatabaseHealth;
import io.vertx.core.Vertx;
import java.time.Clock;

/// `portal` as a process: composition root. It is who may write, so what must be written or told of
/// the database each second is done here, too.
public final class PortalServer implements Service {
    private final Database database;
    private final DatabaseHealth health;
    private final Floors floors;
    private final SharedState shared;
    private final Heartbeat heartbeat;
    private final AccessRelay relay;
    private final Vertx vertx;
    private final Api api;
    private final ApiServer server;

    private PortalServer(PortalConfig config) {
        this.database = Database.open(config.database());
        this.health = DatabaseHealth.watch(database);
        this.floors = RedisFloors.at(config.redis());
        this.shared = RedisSharedState.at(config.redis());
        this.heartbeat = Heartbeat.start(database);
        this.relay = AccessRelay.start(database, floors, shared);
        this.vertx = Vertx.vertx();
        this.api =
                Portal.api(
                        new Portal.Ports(
                                vertx,
                                database,
                                database,
                                new Deliveries(database, floors),
                                config.clients(),
                                Clock.systemUTC()));
        this.server = ApiServer.start(vertx, config.host(), config.port(), api);
    }

    public static PortalServer start(PortalConfig config) {
        return new PortalServer(config);
    }

    @Override
    public boolean isReady() {
        return health.isReady();
    }

    @Override
    public void close() {
        try (database;
                health;
                floors;
                shared;
                heartbeat;
                relay;
                api;
                server) {
            // The last first.
        } finally {
            vertx.close().await();
        }
    }
}
