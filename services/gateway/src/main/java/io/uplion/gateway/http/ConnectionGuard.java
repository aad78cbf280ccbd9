// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Closes connections on which nothing is asked: idle ones, and those whose request line or headers
/// trickle in byte by byte. A connection is busy from the end of a request's headers to the end of
/// its answer.
public final class ConnectionGuard {
    private static final long CHECK_MILLIS = 1000;

    private final long idleNanos;
    private final Map<HttpConnection, State> connections = new HashMap<>();

    private static final class State {
        private int busy;
        private long served;
        private long idleSince = System.nanoTime();
    }

    public ConnectionGuard(Vertx vertx, Duration idle) {
        this.idleNanos = idle.toNanos();
        vertx.setPeriodic(CHECK_MILLIS, _ -> closeIdle());
    }

    public void opened(HttpConnection connection) {
        connections.put(connection, new State());
        // Clients come and go; what a request needs to know of it, it is told.
        connection.exceptionHandler(_ -> {});
        connection.closeHandler(_ -> connections.remove(connection));
    }

    public void busy(HttpServerRequest request) {
        State state = connections.get(request.connection());
        if (state == null) {
            return;
        }
        state.busy++;
        request.response()
                .endHandler(
                        _ -> {
                            state.busy--;
                            state.served++;
                            state.idleSince = System.nanoTime();
                        });
    }

    /// @param begun some bytes of a request may have come: only then is there somebody to be told
    private static void end(HttpConnection connection, boolean begun) {
        if (begun) {
            BareAnswer.send(
                    connection,
                    ErrorCode.REQUEST_TIMEOUT.error(
                            "The request's headers did not arrive in time."));
        } else {
            connection.close();
        }
    }

    private void closeIdle() {
        long now = System.nanoTime();
        for (Map.Entry<HttpConnection, State> entry : List.copyOf(connections.entrySet())) {
            State state = entry.getValue();
            if (state.busy == 0 && now - state.idleSince > idleNanos) {
                end(entry.getKey(), state.served == 0);
                connections.remove(entry.getKey());
            }
        }
    }
}
