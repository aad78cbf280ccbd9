// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.netty.channel.ChannelOption;
import io.uplion.gateway.answer.Answers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/// The client's side of one answer: what was written to it, and whether it takes that.
final class ClientLeg {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private Future<Void> last = Future.succeededFuture();
    private int pending;
    private long lastProgress;

    ClientLeg(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
    }

    boolean hasBegun() {
        return response.headWritten();
    }

    /// Sends the head now, whenever the body comes.
    void begin(HttpClientResponse from) {
        response.setStatusCode(from.statusCode());
        if (request.version() != HttpVersion.HTTP_2) {
            response.setStatusMessage(from.statusMessage());
        }
        EndToEndHeaders.copy(from.headers(), response.headers());
        boolean open =
                !response.headers().contains(HttpHeaders.CONTENT_LENGTH) && mayHaveBody(from);
        if (!request.isEnded()) {
            // Whoever answers before the end of the body will not read the rest of it.
            Answers.closeAfterwards(request);
        }
        written(
                open
                        ? Answers.begin(response, request.connection(), request.version())
                        : response.writeHead());
    }

    private boolean mayHaveBody(HttpClientResponse from) {
        return from.statusCode() != NO_CONTENT
                && from.statusCode() != NOT_MODIFIED
                && !request.method().equals(HttpMethod.HEAD);
    }

    void write(Buffer piece) {
        written(response.write(piece));
    }

    private void written(Future<Void> write) {
        if (pending == 0) {
            lastProgress = System.nanoTime();
        }
        pending++;
        last = write;
        write.onComplete(
                _ -> {
                    pending--;
                    lastProgress = System.nanoTime();
                });
    }

    boolean isFull() {
        return response.writeQueueFull();
    }

    void whenEmptier(Runnable then) {
        response.drainHandler(_ -> then.run());
    }

    /// Done when the client has everything, or is gone.
    Future<Void> end() {
        written(response.end());
        return last;
    }

    /// Ends the answer in a way that no client takes for its end, after what was written.
    Future<Void> breakOff() {
        if (request.version() == HttpVersion.HTTP_1_0
                && request.connection() instanceof ConnectionBase connection) {
            // There a close is the end of the body; only a reset is none.
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        return last.eventually(response::reset);
    }

    boolean isStalled(long now, Duration limit) {
        return pending > 0 && now - lastProgress > limit.toNanos();
    }

    /// Cuts the connection without another word. An orderly close waits for what the client does
    /// not take; so on a connection of its own this goes past the HTTP handlers.
    void cut() {
        if (request.version() != HttpVersion.HTTP_2
                && request.connection() instanceof ConnectionBase connection) {
            connection.channel().pipeline().firstContext().close();
        } else {
            response.reset();
        }
    }
}
