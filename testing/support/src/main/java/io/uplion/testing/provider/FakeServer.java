// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.function.IntConsumer;

/// The provider on one event loop: takes requests in and hands them to their endpoint.
final class FakeServer extends VerticleBase {
    private static final String HOST = "127.0.0.1";
    private static final int BACKLOG = 8192;
    private static final long HTTP2_STREAMS = 100_000;

    private final int port;
    private final Scripts scripts;
    private final Recording recording;
    private final IntConsumer bound;

    /// @param bound is told the port
    FakeServer(FakeSettings settings, Scripts scripts, Recording recording, IntConsumer bound) {
        this.port = settings.port();
        this.scripts = scripts;
        this.recording = recording;
        this.bound = bound;
    }

    @Override
    public Future<?> start() {
        Loop loop = new Loop(context, new TickWheel(vertx));
        Endpoints endpoints = new Endpoints(scripts, recording, loop);
        return vertx.createHttpServer(options())
                .requestHandler(request -> take(request, endpoints))
                .listen(address())
                .onSuccess((HttpServer server) -> bound.accept(server.actualPort()));
    }

    /// All instances share one port, also where it is any free one.
    private SocketAddress address() {
        return port == 0
                ? SocketAddress.sharedRandomPort(1, HOST)
                : SocketAddress.inetSocketAddress(port, HOST);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setAcceptBacklog(BACKLOG)
                .setHttp2ClearTextEnabled(true)
                .setHandle100ContinueAutomatically(true)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(HTTP2_STREAMS));
    }

    private void take(HttpServerRequest request, Endpoints endpoints) {
        Exchange exchange = new Exchange(request, recording);
        request.body()
                .onSuccess(
                        (Buffer body) -> {
                            exchange.body(body);
                            endpoints.answer(exchange);
                        })
                .onFailure(_ -> exchange.finish(Ending.CLIENT_GONE));
    }
}
