// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.task.Task;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import org.jspecify.annotations.Nullable;

/// The HTTP server of one event loop; all of them share one port.
public final class GatewayServer extends VerticleBase {
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int BACKLOG = 4096;

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
        ConnectionGuard guard = new ConnectionGuard(vertx, config.times().idle());
        HttpServer listening =
                vertx.createHttpServer(options())
                        .connectionHandler(guard::opened)
                        .invalidRequestHandler(this::invalid)
                        .requestHandler(
                                request -> {
                                    guard.busy(request);
                                    routes.handle(request);
                                });
        server = listening;
        return listening.listen(config.address().port(), config.address().host());
    }

    /// The port all event loops listen on.
    int port() {
        return server == null ? 0 : server.actualPort();
    }

    private HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setAcceptBacklog(BACKLOG)
                        .setTcpNoDelay(true)
                        // With it a connection is not known before its first request, and nobody
                        // watches over headers that never end.
                        .setHttp2ClearTextEnabled(false)
                        // Two handlers less for every message; we speak no WebSocket.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false);
        config.address()
                .tls()
                .ifPresent(
                        tls ->
                                options.setSsl(true)
                                        .setUseAlpn(true)
                                        .setKeyCertOptions(
                                                new PemKeyCertOptions()
                                                        .setCertPath(tls.certificate().toString())
                                                        .setKeyPath(tls.key().toString())));
        return options;
    }

    /// What the HTTP parser itself refuses.
    private void invalid(HttpServerRequest request) {
        OpenAiError error =
                switch (request.decoderResult().cause()) {
                    case TooLongHttpLineException _ ->
                            ErrorCode.URI_TOO_LONG.error("The request line is too long.");
                    case TooLongHttpHeaderException _ ->
                            ErrorCode.HEADERS_TOO_LARGE.error(
                                    "The headers are larger than " + MAX_HEADER_BYTES + " bytes.");
                    case TooLongFrameException _ ->
                            ErrorCode.HEADERS_TOO_LARGE.error("The headers are too large.");
                    case null, default ->
                            ErrorCode.MALFORMED_HTTP.error("The request is not valid HTTP.");
                };
        Answers.closeAfterwards(request);
        request.response().putHeader(Answers.REQUEST_ID, Task.requestId(ClientDoor.newId()));
        answers.error(request.response(), error);
        request.connection().close();
    }
}
