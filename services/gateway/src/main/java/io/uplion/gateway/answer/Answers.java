// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.answer;

import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.openai.OpenAiError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/// Answers in one piece, and the headers that every answer carries.
public final class Answers {
    public static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private final GatewayMetrics metrics;
    private final RefusalLog log = new RefusalLog();

    public Answers(GatewayMetrics metrics) {
        this.metrics = metrics;
    }

    public void json(HttpServerResponse response, int status, byte[] json) {
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(Buffer.buffer(json));
    }

    /// Sends an error where no header was sent yet. Nobody is there to be told when that fails.
    public void error(HttpServerResponse response, OpenAiError error) {
        if (response.closed() || response.ended()) {
            return;
        }
        count(error);
        if (error.retryAfterMillis() >= 0) {
            response.putHeader("retry-after", Long.toString(error.retryAfterSeconds()));
            response.putHeader("retry-after-ms", Long.toString(error.retryAfterMillis()));
        }
        if (error.finalAnswer()) {
            response.putHeader("x-should-retry", "false");
        }
        json(response, error.status(), error.toJson());
    }

    /// For an error that goes out another way.
    public void count(OpenAiError error) {
        metrics.error(error.code().code());
    }

    /// An error to a request that goes no further; says so in the log.
    public void refuse(HttpServerResponse response, OpenAiError error, RefusalLog.About about) {
        if (!response.closed() && !response.ended()) {
            log.refused(String.valueOf(response.headers().get(REQUEST_ID)), error, about);
            error(response, error);
        }
    }

    /// The same for a request whose body was not read: what is still to come must not be taken for
    /// the next request.
    public void refuseAndClose(
            HttpServerRequest request, OpenAiError error, RefusalLog.About about) {
        if (!request.isEnded()) {
            closeAfterwards(request);
        }
        refuse(request.response(), error, about);
    }

    /// An error to a request whose body was not read, where the log knows of it already.
    public void errorAndClose(HttpServerRequest request, OpenAiError error) {
        if (!request.isEnded()) {
            closeAfterwards(request);
        }
        error(request.response(), error);
    }

    /// Begins an answer whose length nobody knows yet: sends its head.
    ///
    /// HTTP/1.0 has no chunks, which a head by itself would promise. There the head goes out with
    /// the first bytes, and the end is the connection's, even where the client asked to keep it.
    public static Future<Void> begin(
            HttpServerResponse response, HttpConnection connection, HttpVersion version) {
        if (version != HttpVersion.HTTP_1_0) {
            return response.setChunked(true).writeHead();
        }
        response.headersEndHandler(
                _ -> response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        response.bodyEndHandler(_ -> connection.close());
        return Future.succeededFuture();
    }

    /// Asks the client to leave. HTTP/2 forbids the header, and some clients refuse an answer that
    /// has it; a request there is a stream of its own, and a stopping server says goodbye itself.
    public static void closeAfterwards(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }
}
