// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.OpenAiError;
import io.uplion.task.Task;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// What the proxy says itself. Answers of gateways are passed on as they are.
final class ProxyAnswers {
    private static final String JSON = "application/json";
    private static final String PLAIN = "text/plain; charset=utf-8";

    private ProxyAnswers() {}

    /// To a request whose body may not have been read.
    static void error(HttpServerRequest request, OpenAiError error) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.headWritten()) {
            return;
        }
        if (!request.isEnded()) {
            Answers.closeAfterwards(request);
        }
        response.setStatusCode(error.status())
                .putHeader(Answers.REQUEST_ID, Task.requestId(ClientDoor.newId()))
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        if (error.retryAfterMillis() >= 0) {
            response.putHeader("retry-after", Long.toString(error.retryAfterSeconds()))
                    .putHeader("retry-after-ms", Long.toString(error.retryAfterMillis()));
        }
        response.end(Buffer.buffer(error.toJson()));
    }

    static void health(HttpServerRequest request, boolean well) {
        request.response()
                .setStatusCode(well ? 200 : 503)
                .putHeader(HttpHeaders.CONTENT_TYPE, PLAIN)
                .end(well ? "ok\n" : "not ready\n");
    }
}
