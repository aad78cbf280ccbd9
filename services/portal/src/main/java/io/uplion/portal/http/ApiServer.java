// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/// The port of `portal` as a process. A proxy stands before it.
public final class ApiServer implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int IDLE_SECONDS = 75;

    private final HttpServer server;

    private ApiServer(HttpServer server) {
        this.server = server;
    }

    /// @param port 0: any
    public static ApiServer start(Vertx vertx, String host, int port, Api api) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setTcpNoDelay(true)
                        .setHttp2ClearTextEnabled(false)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return new ApiServer(
                vertx.createHttpServer(options)
                        .requestHandler(request -> serve(api, request))
                        .listen(port, host)
                        .await());
    }

    private static void serve(Api api, HttpServerRequest request) {
        if (Api.isAbout(request)) {
            api.handle(request);
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        server.close().await();
    }
}
