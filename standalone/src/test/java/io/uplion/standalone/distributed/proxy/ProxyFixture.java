// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.uplion.gateway.GatewayConfig;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A proxy on any port, and what it needs.
final class ProxyFixture implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private ReverseProxy proxy;

    Vertx vertx() {
        return vertx;
    }

    void start(FakeGateway... gateways) {
        start(Duration.ofSeconds(60), Duration.ofSeconds(60), gateways);
    }

    void start(Duration idle, Duration slowClient, FakeGateway... gateways) {
        start(idle, slowClient, List.of(gateways).stream().map(FakeGateway::upstream).toList());
    }

    void start(Duration idle, Duration slowClient, List<Upstream> gateways) {
        start(idle, slowClient, gateways, List.of());
    }

    void start(
            Duration idle, Duration slowClient, List<Upstream> gateways, List<Upstream> portals) {
        var address = new GatewayConfig.Address("127.0.0.1", 0, Optional.empty());
        proxy =
                ReverseProxy.start(
                        vertx, new ProxyConfig(address, idle, slowClient, gateways, portals));
    }

    String url() {
        return "http://127.0.0.1:" + proxy.port();
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        vertx.close().await();
    }
}
