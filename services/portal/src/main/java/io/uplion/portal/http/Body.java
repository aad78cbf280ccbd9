// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/// A request's body, as far as it may go.
final class Body {
    static final int LONGEST = 1 << 20;
    private static final long MILLIS = 30_000;

    private Body() {}

    /// Fails with a [ProblemException] where it is too long or takes too long.
    static Future<Buffer> read(Vertx vertx, HttpServerRequest request) {
        if (announced(request) > LONGEST) {
            return Future.failedFuture(tooLong());
        }
        Promise<Buffer> read = Promise.promise();
        Buffer body = Buffer.buffer();
        long timer =
                vertx.setTimer(
                        MILLIS,
                        _ ->
                                read.tryFail(
                                        ProblemException.of(
                                                408,
                                                "request_timeout",
                                                "The request's body did not arrive in time.")));
        request.handler(
                part -> {
                    if (read.future().isComplete()) {
                        return;
                    }
                    body.appendBuffer(part);
                    if (body.length() > LONGEST) {
                        read.tryFail(tooLong());
                    }
                });
        request.exceptionHandler(read::tryFail);
        request.endHandler(_ -> read.tryComplete(body));
        return read.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static ProblemException tooLong() {
        return ProblemException.of(
                413, "body_too_large", "The body is larger than " + LONGEST + " bytes.");
    }
}
