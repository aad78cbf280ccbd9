// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.uplion.gateway.GatewayConfig;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;

/// How whoever stands towards clients listens: its bounds, and what it says of requests beyond
/// them.
public final class HttpListening {
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int BACKLOG = 4096;

    private HttpListening() {}

    public static HttpServerOptions options(GatewayConfig.Address address) {
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
        address.tls()
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

    /// What the HTTP parser itself refused, in words.
    static OpenAiError refusal(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ ->
                    ErrorCode.URI_TOO_LONG.error("The request line is too long.");
            case TooLongHttpHeaderException _ ->
                    ErrorCode.HEADERS_TOO_LARGE.error(
                            "The headers are larger than " + MAX_HEADER_BYTES + " bytes.");
            case TooLongFrameException _ ->
                    ErrorCode.HEADERS_TOO_LARGE.error("The headers are too large.");
            case null, default -> ErrorCode.MALFORMED_HTTP.error("The request is not valid HTTP.");
        };
    }
}
