// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// One address in front of several gateways: `/v1/*` to one that is ready, in turn, and `/livez`
/// and `/readyz` answered here. It is ready when a gateway is.
///
/// A request goes to another gateway only as long as nothing was sent. A client that leaves takes
/// its request to the gateway with it; a gateway that is lost breaks its clients' answers, so that
/// no half answer passes for a whole one.
public final class ReverseProxy implements AutoCloseable {
    private final Vertx vertx;
    private final Gateways gateways;
    private final HealthChecks checks;
    private final List<ProxyServer> servers = new CopyOnWriteArrayList<>();
    private String deployment = "";

    private ReverseProxy(Vertx vertx, Gateways gateways) {
        this.vertx = vertx;
        this.gateways = gateways;
        this.checks = new HealthChecks(vertx, gateways);
    }

    /// Returns when it listens and has asked each gateway once. Not to be called on an event loop.
    ///
    /// @throws RuntimeException with a `BindException` for a cause when the port is taken
    public static ReverseProxy start(Vertx vertx, ProxyConfig config) {
        ReverseProxy proxy = new ReverseProxy(vertx, new Gateways(config.gateways()));
        try {
            proxy.checks.start().await();
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
                                    ProxyServer server = new ProxyServer(config, gateways);
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
        checks.close();
        if (!deployment.isEmpty()) {
            vertx.undeploy(deployment).await();
            deployment = "";
        }
    }
}
