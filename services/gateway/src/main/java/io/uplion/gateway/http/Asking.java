// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.answer.RefusalLog;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.identity.Principal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks the edge whose request it is.
final class Asking {
    private final Edge edge;
    private final Answers answers;
    private final BareAnswer bare;

    Asking(Edge edge, Answers answers, BareAnswer bare) {
        this.edge = edge;
        this.answers = answers;
        this.bare = bare;
    }

    /// Goes on once the edge has said who asks; the body waits in the meantime.
    ///
    /// @param endpoint that is asked, as the log calls it
    /// @param crashed the edge met a fault of its own
    void whenKnown(
            HttpServerRequest request,
            String endpoint,
            Consumer<Throwable> crashed,
            Consumer<Principal> then) {
        CompletionStage<Edge.Decision> decision =
                edge.decide(
                        new Edge.Credentials(
                                request.getHeader(HttpHeaders.AUTHORIZATION),
                                request.getHeader("x-api-key"),
                                request.getHeader(IdentityToken.HEADER),
                                request.remoteAddress().hostAddress(),
                                joined(request, "x-forwarded-for", ","),
                                browser(request)));
        CompletableFuture<Edge.Decision> future = decision.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            decided(request, endpoint, future.join(), then);
            return;
        }
        request.pause();
        // What breaks a body may come right behind the headers.
        AtomicBoolean broken = new AtomicBoolean();
        request.exceptionHandler(
                failure -> {
                    broken.set(true);
                    bare.brokenBody(request, failure);
                });
        ContextInternal loop = ClientDoor.currentLoop();
        future.whenComplete(
                (known, failure) ->
                        loop.emit(
                                _ -> {
                                    if (broken.get()) {
                                        return;
                                    }
                                    if (failure != null) {
                                        crashed.accept(failure);
                                    } else {
                                        decided(request, endpoint, known, then);
                                    }
                                    // Only now is there somebody who takes the body.
                                    request.resume();
                                }));
    }

    /// Programs bring none, and are asked nothing more.
    private static Edge.Browser browser(HttpServerRequest request) {
        String cookies = joined(request, "cookie", "; ");
        if (cookies == null) {
            return Edge.Browser.NONE;
        }
        HostAndPort authority = request.authority();
        return new Edge.Browser(
                cookies,
                request.getHeader("sec-fetch-site"),
                request.getHeader(HttpHeaders.ORIGIN),
                authority == null ? null : authority.toString());
    }

    /// Each proxy may have added a header of its own, and HTTP/2 splits cookies.
    private static @Nullable String joined(
            HttpServerRequest request, String name, String separator) {
        List<String> headers = request.headers().getAll(name);
        return headers.isEmpty() ? null : String.join(separator, headers);
    }

    private void decided(
            HttpServerRequest request,
            String endpoint,
            Edge.Decision decision,
            Consumer<Principal> then) {
        switch (decision) {
            case Edge.Refused(OpenAiError error, var headers) -> {
                request.response().headers().addAll(headers);
                answers.refuseAndClose(
                        request, error, new RefusalLog.About(Optional.empty(), endpoint, ""));
            }
            case Edge.Admitted(Principal principal, var headers) -> {
                request.response().headers().addAll(headers);
                then.accept(principal);
            }
        }
    }
}
