// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.ServedModel;
import io.uplion.catalog.live.ServedModel.Pool;
import io.uplion.gateway.allowance.Allowance;
import io.uplion.gateway.claim.Terms;
import io.uplion.openai.TokenEstimate;
import io.uplion.platform.identity.Principal;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.Task;
import io.vertx.core.MultiMap;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// What is known of a request from its acceptance on, and its body for as long as an attempt may
/// need it.
final class WaitingRequest {
    private final Task task;
    private final Duration patience;
    private final Principal principal;
    private final ServedModel model;
    private final ContextInternal loop;
    private final boolean progress;
    private final MultiMap headers;
    private final Allowance allowance;
    private final Terms terms;
    private final long acceptedAt = System.nanoTime();
    private final Runnable bodyReleased;
    private byte[] body;
    private boolean released;

    /// @param patience how long a worker is waited for; the time that the body took is nobody's
    /// @param model as it was at acceptance: its prices hold for the request
    /// @param progress the client wants to be told of its place
    /// @param headers of the client's request, as they came
    /// @param allowance is settled when the request is over
    /// @param terms what the task is billed by
    record Accepted(
            Task task,
            Duration patience,
            Principal principal,
            ServedModel model,
            boolean progress,
            MultiMap headers,
            Allowance allowance,
            Terms terms) {}

    /// @param bodyReleased gives the body's bytes back to the shared memory
    WaitingRequest(Accepted accepted, ContextInternal loop, byte[] body, Runnable bodyReleased) {
        this.task = accepted.task();
        this.patience = accepted.patience();
        this.principal = accepted.principal();
        this.model = accepted.model();
        this.progress = accepted.progress();
        this.headers = accepted.headers();
        this.allowance = accepted.allowance();
        this.terms = accepted.terms();
        this.loop = loop;
        this.body = body;
        this.bodyReleased = bodyReleased;
    }

    Task task() {
        return task;
    }

    Duration patience() {
        return patience;
    }

    ContextInternal loop() {
        return loop;
    }

    Principal principal() {
        return principal;
    }

    /// Whether it is the model that the task was accepted for. One that was removed has taken what
    /// waited for it along, also where another one of its name has come since.
    boolean isStill(ServedModel now) {
        return now.since().equals(model.since());
    }

    /// Whose share of the model the task counts for.
    UUID owner() {
        return principal.key().orElse(principal.user());
    }

    /// What it holds of the limits of those who ask.
    Allowance allowance() {
        return allowance;
    }

    boolean wantsProgress() {
        return progress;
    }

    /// By [System#nanoTime].
    long acceptedAt() {
        return acceptedAt;
    }

    /// What the task does not carry.
    byte[] keptBody() {
        return task.body() instanceof Task.Inline ? new byte[0] : body;
    }

    /// Estimated; 0 for one that is no longer here.
    long promptTokens() {
        return task.body() instanceof Task.Inline(byte[] bytes) ? TokenEstimate.ofPrompt(bytes) : 0;
    }

    /// A kept body is forgotten now; one that the task carries lives as long as the task.
    void committed() {
        if (task.body() instanceof Task.Kept) {
            releaseBody();
        }
    }

    /// No attempt will need it again.
    void releaseBody() {
        if (!released) {
            released = true;
            body = new byte[0];
            bodyReleased.run();
        }
    }

    /// What a dead letter needs to know beside the task. Taken before the body is released.
    ///
    /// @param reason why the last attempt failed
    FromGateway.Letter letter(String reason) {
        return new FromGateway.Letter(LetterHeaders.of(headers), keptBody(), reason);
    }

    record Bounds(Duration firstFrame, Duration total) {
        /// @param ran nanoseconds since the grant
        /// @param awaitsFirst a first frame is due
        /// @return what took too long
        Optional<String> broken(long ran, boolean awaitsFirst) {
            if (awaitsFirst && ran > firstFrame.toNanos()) {
                return Optional.of("no first token in time");
            }
            boolean overdue = ran > total.plus(Backoff.OVERDUE).toNanos();
            return overdue ? Optional.of("the attempt took too long") : Optional.empty();
        }
    }

    /// A pool that may serve the task: as it was at acceptance, or one that came later.
    ///
    /// @return nothing for a pool that does not serve the task's model
    Optional<AIModel> pool(String name, Catalog now) {
        return model.pool(name)
                .or(() -> Optional.ofNullable(now.find(task.model())).flatMap(it -> it.pool(name)))
                .map(Pool::manifest);
    }

    /// @param pool that has the grant
    static Bounds bounds(AIModel pool) {
        return new Bounds(pool.firstFrameTimeout(), pool.timeout());
    }

    Price price(AIModel pool) {
        return terms.price(pool);
    }

    /// @param pool that has the grant
    Claim claim(int attempt, AIModel pool) {
        return terms.claim(task, principal, attempt, pool);
    }
}
