// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.uplion.openai.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Closes connections on which nothing is asked: idle ones, and those whose request line or headers
/// trickle in byte by byte; and the oldest of those whose headers together take too much memory. A
/// connection is busy from the end of a request's headers to the end of its answer.
public final class ConnectionGuard {
    private static final long CHECK_MILLIS = 1000;

    private final long idleNanos;
    private final BareAnswer answer;
    private final UnfinishedHeads heads;
    private final Map<HttpConnection, State> connections = new HashMap<>();

    private static final class State {
        private final Set<HttpServerResponse> busy = new HashSet<>();
        private @Nullable WireBytes wire;
        private boolean begun;
        private long idleSince = System.nanoTime();

        void ended(HttpServerResponse response) {
            if (busy.remove(response)) {
                idleSince = System.nanoTime();
                if (wire != null) {
                    wire.answered();
                }
            }
        }

        void probe() {
            if (wire != null) {
                wire.probe();
            }
        }

        /// Over HTTP/2 a client may take a request back: its answer closes without an end.
        boolean isBusy() {
            List.copyOf(busy).stream().filter(HttpServerResponse::closed).forEach(this::ended);
            return !busy.isEmpty();
        }
    }

    public ConnectionGuard(Vertx vertx, Duration idle, BareAnswer answer) {
        this(vertx, idle, answer, new UnfinishedHeads(UnfinishedHeads.share()));
    }

    ConnectionGuard(Vertx vertx, Duration idle, BareAnswer answer, UnfinishedHeads heads) {
        this.idleNanos = idle.toNanos();
        this.answer = answer;
        this.heads = heads;
        vertx.setPeriodic(CHECK_MILLIS, _ -> check());
    }

    /// Hands a server's requests on, and watches over its connections.
    public HttpServer watch(HttpServer server, Handler<HttpServerRequest> asked) {
        return server.connectionHandler(this::opened)
                .invalidRequestHandler(this::refused)
                .requestHandler(
                        request -> {
                            busy(request);
                            asked.handle(request);
                        });
    }

    private void opened(HttpConnection connection) {
        State state = new State();
        connections.put(connection, state);
        state.wire = WireWatch.install(connection, watcher(connection, state), heads);
        // Clients come and go; what a request needs to know of it, it is told.
        connection.exceptionHandler(_ -> {});
        connection.closeHandler(_ -> connections.remove(connection));
    }

    private WireBytes.Watcher watcher(HttpConnection connection, State state) {
        return new WireBytes.Watcher() {
            @Override
            public void begun() {
                state.begun = true;
            }

            @Override
            public void tooManyLines() {
                answer.send(
                        connection,
                        ErrorCode.HEADERS_TOO_LARGE.error(
                                "There are more than " + WireBytes.MAX_HEAD_LINES + " headers."));
            }
        };
    }

    private void busy(HttpServerRequest request) {
        State state = connections.get(request.connection());
        if (state == null) {
            return;
        }
        HttpServerResponse response = request.response();
        state.busy.add(response);
        state.begun = false;
        response.endHandler(_ -> state.ended(response));
    }

    /// What the HTTP parser itself refuses ends its connection.
    private void refused(HttpServerRequest request) {
        if (isAsked(request)) {
            answer.send(request, HttpListening.refusal(request));
        }
    }

    /// Whether what the HTTP parser refused came from a client that waits for an answer: the end of
    /// a connection, by either side, can look like a malformed request.
    private boolean isAsked(HttpServerRequest refused) {
        boolean left = refused.decoderResult().cause() instanceof PrematureChannelClosureException;
        return !left && connections.containsKey(refused.connection());
    }

    /// @param begun some bytes of a request have come: only then is there somebody to be told
    private void end(HttpConnection connection, boolean begun) {
        if (begun) {
            answer.send(
                    connection,
                    ErrorCode.REQUEST_TIMEOUT.error(
                            "The request's headers did not arrive in time."));
        } else {
            connection.close();
        }
    }

    private void check() {
        long now = System.nanoTime();
        for (Map.Entry<HttpConnection, State> entry : List.copyOf(connections.entrySet())) {
            State state = entry.getValue();
            state.probe();
            if (!state.isBusy() && now - state.idleSince > idleNanos) {
                // First: what the end does to the connection is no request.
                connections.remove(entry.getKey());
                end(entry.getKey(), state.begun);
            }
        }
    }
}
