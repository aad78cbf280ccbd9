// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.catalog.Serving.Simulator;
import io.uplion.openai.Endpoint;
import io.uplion.worker.backend.Backend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The engine without weights, so that there is something to talk to before anything is set up. It
/// says that it is one, and keeps to what OpenAI's API promises where no model is needed for it:
/// `max_tokens`, `stop`, `n`, usage, tools, JSON schema, embeddings.
public final class SimulatorBackend implements Backend {
    /// A larger body is read on a worker thread: 10 000 streams share an event loop with it.
    private static final int INLINE_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final Simulator settings;
    private final Replies replies;

    /// @param model the name that answers carry
    public SimulatorBackend(Vertx vertx, Simulator settings, String model) {
        if (settings.ttft().isNegative() || settings.interToken().isNegative()) {
            throw new IllegalArgumentException("a simulator that answers before it is asked");
        }
        if (settings.tokens() < 1) {
            throw new IllegalArgumentException("a simulator without a word to say");
        }
        this.vertx = vertx;
        this.settings = settings;
        this.replies = new Replies(model, settings.tokens());
    }

    @Override
    public Call start(Request request, Consumer<Signal> signals) {
        SimulatedCall call = new SimulatedCall(vertx, settings, signals);
        boolean inline =
                request.body().length <= INLINE_BYTES
                        && request.head().endpoint() != Endpoint.EMBEDDINGS;
        Future<Reply> reply =
                inline
                        ? Future.succeededFuture(request).map(replies::to)
                        : think(call, new AtomicReference<>(request));
        reply.onSuccess(call::say).onFailure(call::fail);
        return call;
    }

    /// Calls that still run are their callers' to cancel; nothing else is held.
    @Override
    public void close() {}

    /// A call that waits for its turn holds megabytes; once cancelled it holds nothing.
    private Future<Reply> think(SimulatedCall call, AtomicReference<@Nullable Request> asked) {
        call.onCancel(() -> asked.set(null));
        return vertx.executeBlocking(
                        () -> {
                            Request request = asked.getAndSet(null);
                            return request == null ? Reply.NOBODY_LISTENS : replies.to(request);
                        },
                        false)
                .map(Objects::requireNonNull);
    }
}
