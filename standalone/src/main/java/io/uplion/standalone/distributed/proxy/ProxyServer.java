// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.uplion.gateway.http.ConnectionGuard;
import io.uplion.gateway.http.HttpListening;
import io.uplion.openai.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The proxy's server of one event loop, with its own connections to the gateways; all of them
/// share one port.
final class ProxyServer extends VerticleBase {
    private static final long STALL_CHECK_MILLIS = 1_000;
    private static final int MAX_ANSWER_HEADER_BYTES = 64 << 10;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int KEEP_SECONDS = 15;
    private static final int SHOWN_PATH = 100;

    /// A stream has a connection to itself. As many as there are clients, whom the operating
    /// system's limit on open files bounds.
    private static final int CONNECTIONS = 1 << 20;

    private final ProxyConfig config;
    private final Gateways gateways;
    private final Gateways portals;
    private @Nullable HttpServer server;

    ProxyServer(ProxyConfig config, Gateways gateways, Gateways portals) {
        this.config = config;
        this.gateways = gateways;
        this.portals = portals;
    }

    @Override
    public Future<?> start() {
        ProxyLoop loop =
                new ProxyLoop(
                        vertx.createHttpClient(clientOptions(), poolOptions()), new HashSet<>());
        vertx.setPeriodic(STALL_CHECK_MILLIS, _ -> cutStalled(loop));
        ConnectionGuard guard = new ConnectionGuard(vertx, config.idle(), Exchange.BARE);
        HttpServer listening =
                guard.watch(
                        vertx.createHttpServer(HttpListening.options(config.address())),
                        request -> route(request, loop));
        server = listening;
        return listening.listen(config.address().port(), config.address().host());
    }

    int port() {
        return server == null ? 0 : server.actualPort();
    }

    private HttpClientOptions clientOptions() {
        // Not so long that a gateway closes it just when a request is being sent.
        int keep = Math.clamp(config.idle().toSeconds() / 2, 1, KEEP_SECONDS);
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpNoDelay(true)
                .setKeepAliveTimeout(keep)
                .setMaxHeaderSize(MAX_ANSWER_HEADER_BYTES);
    }

    private static PoolOptions poolOptions() {
        return new PoolOptions().setHttp1MaxSize(CONNECTIONS);
    }

    private void cutStalled(ProxyLoop loop) {
        long now = System.nanoTime();
        for (Exchange exchange : List.copyOf(loop.running())) {
            exchange.cutIfStalled(now, config.slowClient());
        }
    }

    /// The address map of DESIGN §5, as far as there are services.
    private void route(HttpServerRequest request, ProxyLoop loop) {
        String path = request.path();
        switch (path == null ? "" : path) {
            case "/livez" -> ProxyAnswers.health(request, true);
            case "/readyz" -> ProxyAnswers.health(request, gateways.isAnyReady());
            case String gateway when gateway.startsWith("/v1/") ->
                    new Exchange(request, loop, gateways).begin();
            case String portal when portal.startsWith("/api/") ->
                    new Exchange(request, loop, portals).begin();
            case String other -> unknown(request, other);
        }
    }

    private static void unknown(HttpServerRequest request, String path) {
        String shown = path.length() > SHOWN_PATH ? path.substring(0, SHOWN_PATH) + "…" : path;
        ProxyAnswers.error(
                request,
                ErrorCode.UNKNOWN_URL.error(
                        "Unknown request URL: " + request.method() + " " + shown + "."));
    }
}
