// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.portal.http.Reply.Body;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a reply to whoever asked.
final class Answer {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    private final Context context;
    private final HttpServerRequest request;

    private Answer(Context context, HttpServerRequest request) {
        this.context = context;
        this.request = request;
    }

    static Answer of(Context context, HttpServerRequest request) {
        return new Answer(context, request);
    }

    /// From any other thread; returns when a streamed one is whole or its client gone.
    void send(Reply reply) {
        context.runOnContext(_ -> sendNow(request, reply));
        if (reply.body() instanceof Body.Streamed(var writer)) {
            stream(writer);
        }
    }

    private void stream(Reply.Writer writer) {
        HttpServerResponse response = request.response();
        try {
            writer.write(new Sink(context, response));
            context.runOnContext(_ -> response.end());
        } catch (CancellationException _) {
            LOG.debug("the client of {} is gone", request.path());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("{} {} broke off", request.method(), request.path());
            // Without its end: no half answer passes for a whole one.
            context.runOnContext(_ -> response.reset());
        }
    }

    /// On the event loop. Of a streamed reply only the head.
    static void sendNow(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-content-type-options", "nosniff");
        reply.headers().forEach(response::putHeader);
        switch (reply.body()) {
            case Body.Nothing() -> response.end();
            case Body.Json(var json) -> response.end(json.toBuffer());
            case Body.Streamed(_) -> response.setChunked(true).writeHead();
        }
    }
}
