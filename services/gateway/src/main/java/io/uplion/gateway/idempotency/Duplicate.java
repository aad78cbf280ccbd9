// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.relay.ClientAnswer;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.SseFrames;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client whose question is answered with what another was told: kept already, or not yet. Lives
/// on the client's event loop.
final class Duplicate {
    static final String REPLAYED = "idempotency-replayed";
    static final String FIRST_REQUEST = "x-uplion-first-request-id";

    private final ClientAnswer client;
    private final HttpServerResponse response;
    private final ContextInternal loop;
    private final boolean stream;
    private final Executions executions;
    private final long since = System.nanoTime();
    private Runnable stopWatching = () -> {};
    private @Nullable Held held;
    private boolean left;

    /// @param stream whether it may be told that it waits
    Duplicate(
            ClientAnswer client,
            HttpServerResponse response,
            ContextInternal loop,
            boolean stream,
            Executions executions) {
        this.client = client;
        this.response = response;
        this.loop = loop;
        this.stream = stream;
        this.executions = executions;
        response.putHeader(REPLAYED, "true");
        executions.add(this);
    }

    void waitFor(Asked asked) {
        stopWatching = executions.watch(asked, heard -> loop.emit(_ -> heard(heard)));
    }

    private void heard(Heard heard) {
        switch (heard) {
            case Heard.Told(Held told) -> tell(told);
            case Heard.Gone() -> refuse("unfinished", KeyErrors.unfinished());
            case Heard.Unknown() -> refuse("unavailable", KeyErrors.unavailable());
        }
    }

    /// @param told has one user more, this one
    void tell(Held told) {
        if (isDone() || held != null) {
            told.release();
            return;
        }
        held = told;
        switch (told.outcome()) {
            case Outcome.Streamed(String request, byte[] frames) -> {
                replayed(request);
                if (frames.length > 0) {
                    client.write(frames);
                }
                client.endStream();
            }
            case Outcome.Whole(String request, int status, String contentType, byte[] body) -> {
                replayed(request);
                client.whole(status, contentType, body);
            }
            case Outcome.NotKept() -> refuse("not_kept", KeyErrors.notKept());
            case Outcome.Refused(int status, String contentType, byte[] body) -> {
                executions.metrics().idempotent("told");
                client.whole(status, contentType, body);
            }
            case Outcome.Failed(OpenAiError error) -> {
                executions.metrics().idempotent("told");
                client.error(error);
            }
        }
    }

    private void replayed(String request) {
        executions.metrics().idempotent("replayed");
        if (!response.headWritten()) {
            response.putHeader(FIRST_REQUEST, request);
        }
    }

    private void refuse(String outcome, OpenAiError error) {
        if (isDone()) {
            return;
        }
        executions.metrics().idempotent(outcome);
        if (!response.headWritten()) {
            response.headers().remove(REPLAYED);
        }
        client.error(error);
    }

    private boolean isDone() {
        return left || client.isOver();
    }

    /// The connection is gone.
    void gone() {
        left = true;
    }

    /// From any thread.
    void shutDown() {
        loop.emit(
                _ ->
                        refuse(
                                "unfinished",
                                ErrorCode.SHUTTING_DOWN
                                        .error("The server is shutting down; try again shortly.")
                                        .retryAfter(Duration.ofSeconds(1))));
    }

    /// Called a few times a second.
    ///
    /// @return whether nothing is left to be done
    boolean tick(long now, GatewayConfig config) {
        if (left || (client.isOver() && client.pendingBytes() <= 0)) {
            end();
            return true;
        }
        long slow = config.relay().slowClient().toNanos();
        if (client.pendingBytes() > 0 && now - client.lastProgress() > slow) {
            client.cut();
        } else if (!client.isOver()) {
            waits(now, config.times());
        }
        return false;
    }

    private void waits(long now, GatewayConfig.Times times) {
        if (now - since > times.startBy().toNanos()) {
            refuse("unfinished", KeyErrors.stillRunning());
        } else if (stream) {
            boolean begin = now - since > times.headersWait().toNanos();
            boolean silent = now - client.lastWrite() > times.keepAlive().toNanos();
            if (client.isStreaming() ? silent : begin) {
                client.comment(SseFrames.keepAlive());
            }
        }
    }

    private void end() {
        stopWatching.run();
        executions.remove(this);
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
