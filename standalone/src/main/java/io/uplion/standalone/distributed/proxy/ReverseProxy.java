// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// One address in front of all: `/v1/*` to a gateway that is ready, in turn, `/api/*` to the
/// portal, and `/livez` and `/readyz` answered here. It is ready when a gateway is.
///
/// A request goes to another gateway only as long as nothing was sent. A client that leaves takes
/// its request to the gateway with it; a gateway that is lost breaks its clients' answers, so that
/// no half answer passes for a whole one.
public final class ReverseProxy implements AutoCloseable {
    private final Vertx vertx;
    private final Gateways gateways;
    private final Gateways portals;
    private final List<HealthChecks> checks;
    private final List<ProxyServer> servers = new CopyOnWriteArrayList<>();
    private String deployment = "";

    private ReverseProxy(Vertx vertx, ProxyConfig config) {
        this.vertx = vertx;
        this.gateways = new Gateways(config.gateways());
        this.portals = new Gateways(config.portals());
        this.checks = List.of(new HealthChecks(vertx, gateways), new HealthChecks(vertx, portals));
    }

    /// Returns when it listens and has asked each gateway once. Not to be called on an event loop.
    ///
    /// @throws RuntimeException with a `BindException` for a cause when the port is taken
    public static ReverseProxy start(Vertx vertx, ProxyConfig config) {
        ReverseProxy proxy = new ReverseProxy(vertx, config);
        try {
            Future.join(proxy.checks.stream().map(HealthChecks::start).toList()).await();
            proxy.listen(config);
            return proxy;
        } catch (RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    private void listen(ProxyConfig config) {
        int loops = Runtime.getRuntime().availableProcessors();
        deployment =
                vertx.deployVerticle(
                                () -> {
                                    ProxyServer server = new ProxyServer(config, gateways, portals);
                                    servers.add(server);
                                    return server;
                                },
                                new DeploymentOptions().setInstances(loops))
                        .await();
    }

    /// Whether there is a gateway to send a request to.
    public boolean isReady() {
        return gateways.isAnyReady();
    }

    public int port() {
        return servers.getFirst().port();
    }

    /// Cuts what is still running: stop the gateways first, which finish it.
    @Override
    public void close() {
        checks.forEach(HealthChecks::close);
        if (!deployment.isEmpty()) {
            vertx.undeploy(deployment).await();
            deployment = "";
        }
    }
}
