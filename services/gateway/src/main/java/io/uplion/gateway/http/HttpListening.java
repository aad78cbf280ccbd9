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
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Map;
import java.util.Optional;

/// How whoever stands towards clients listens: its bounds, and what it says of requests beyond
/// them.
public final class HttpListening {
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_LINE_BYTES = 8 << 10;

    /// What HTTP/2 clients are told. It counts 32 bytes for each field beyond its own, so what is
    /// within our bound may well be over it in its words. Beyond this one Netty answers 431 without
    /// a body, and beyond another quarter of it the whole connection ends.
    private static final int MAX_HEADER_LIST_BYTES = 2 * MAX_HEADER_BYTES;

    /// Of a field over HTTP/1: colon, space, and the end of its line.
    private static final int FIELD_BYTES = 4;

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
        options.getInitialSettings().setMaxHeaderListSize(MAX_HEADER_LIST_BYTES);
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

    /// What is wrong with a request that HTTP/2 has let through: over HTTP/1 its parser would have
    /// refused it.
    static Optional<OpenAiError> beyond(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return Optional.empty();
        }
        if (String.valueOf(request.uri()).length() > MAX_LINE_BYTES) {
            return Optional.of(uriTooLong());
        }
        int bytes = 0;
        for (Map.Entry<String, String> field : request.headers()) {
            bytes += field.getKey().length() + field.getValue().length() + FIELD_BYTES;
        }
        return bytes > MAX_HEADER_BYTES ? Optional.of(headersTooLarge()) : Optional.empty();
    }

    private static OpenAiError uriTooLong() {
        return ErrorCode.URI_TOO_LONG.error("The request line is too long.");
    }

    private static OpenAiError headersTooLarge() {
        return ErrorCode.HEADERS_TOO_LARGE.error(
                "The headers are larger than " + MAX_HEADER_BYTES + " bytes.");
    }

    /// What the HTTP parser itself refused, in words.
    static OpenAiError refusal(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ -> uriTooLong();
            case TooLongHttpHeaderException _ -> headersTooLarge();
            case TooLongFrameException _ ->
                    ErrorCode.HEADERS_TOO_LARGE.error("The headers are too large.");
            case null, default -> ErrorCode.MALFORMED_HTTP.error("The request is not valid HTTP.");
        };
    }
}
