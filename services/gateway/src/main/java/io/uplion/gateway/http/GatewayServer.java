// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.answer.Answers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.jspecify.annotations.Nullable;

/// The HTTP server of one event loop; all of them share one port.
public final class GatewayServer extends VerticleBase {
    private final GatewayConfig config;
    private final Answers answers;
    private final Wiring wiring;
    private @Nullable HttpServer server;

    /// Builds the routes of one event loop.
    @FunctionalInterface
    interface Wiring {
        Routes routes(Vertx vertx);
    }

    GatewayServer(GatewayConfig config, Answers answers, Wiring wiring) {
        this.config = config;
        this.answers = answers;
        this.wiring = wiring;
    }

    @Override
    public Future<?> start() {
        Routes routes = wiring.routes(vertx);
        ConnectionGuard guard =
                new ConnectionGuard(
                        vertx,
                        config.times().idle(),
                        new BareAnswer(answers::count, new Cors(config.corsOrigins())));
        HttpServer listening =
                guard.watch(
                        vertx.createHttpServer(HttpListening.options(config.address())),
                        routes::handle);
        server = listening;
        return listening.listen(config.address().port(), config.address().host());
    }

    /// The port all event loops listen on.
    int port() {
        return server == null ? 0 : server.actualPort();
    }
}
