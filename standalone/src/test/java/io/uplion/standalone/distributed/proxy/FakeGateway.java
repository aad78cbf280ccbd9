// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/// A gateway for tests, whose answers a test writes. Ready unless it is told otherwise.
final class FakeGateway implements AutoCloseable {
    private final HttpServer server;
    private final String name;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean ready = true;

    private FakeGateway(Vertx vertx, String name, int port, Handler<HttpServerRequest> handler) {
        this.name = name;
        this.server =
                vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(64 << 10))
                        .requestHandler(request -> answer(request, handler));
        server.listen(port, "127.0.0.1").await();
    }

    static FakeGateway start(Vertx vertx, Handler<HttpServerRequest> handler) {
        return start(vertx, "gateway-1", handler);
    }

    static FakeGateway start(Vertx vertx, String name, Handler<HttpServerRequest> handler) {
        return new FakeGateway(vertx, name, 0, handler);
    }

    /// The same gateway after it was gone.
    static FakeGateway restart(Vertx vertx, Upstream before, Handler<HttpServerRequest> handler) {
        return new FakeGateway(vertx, before.name(), before.url().getPort(), handler);
    }

    private void answer(HttpServerRequest request, Handler<HttpServerRequest> handler) {
        if ("/readyz".equals(request.path())) {
            request.response().setStatusCode(ready ? 200 : 503).end();
        } else {
            asked.incrementAndGet();
            handler.handle(request);
        }
    }

    void isReady(boolean now) {
        ready = now;
    }

    /// Requests so far, health checks aside.
    int asked() {
        return asked.get();
    }

    Upstream upstream() {
        var url = URI.create("http://127.0.0.1:" + server.actualPort());
        return new Upstream(name, url, url.resolve("/readyz"));
    }

    @Override
    public void close() {
        server.close().await();
    }
}
