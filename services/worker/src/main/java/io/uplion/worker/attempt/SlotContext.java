// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.catalog.AIModel;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.UsageQueue;
import io.uplion.task.Attach;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Timing;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.pool.PoolHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every attempt of one worker shares.
///
/// @param name of this worker, one process
/// @param stall a stream that has begun may pause so long
public record SlotContext(
        AIModel manifest,
        String name,
        Duration stall,
        Backend backend,
        PoolHealth health,
        Outside outside,
        WorkerMetrics metrics) {

    static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(1);

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    public record Outside(ReplyDesk desk, UsageQueue usage, DeadLetters letters, Clock clock) {}

    Attach attach(Task task) {
        return new Attach(task.id(), task.gateway(), task.nonce(), manifest.name(), name);
    }

    /// A task whose gateway cannot be reached comes again after half its age.
    static Duration backoff(Task task, Instant now) {
        long half = Duration.between(task.acceptedAt(), now).toMillis() / 2;
        return Duration.ofMillis(
                Math.clamp(half, SHORTEST_BACKOFF.toMillis(), LONGEST_BACKOFF.toMillis()));
    }

    /// How a committed attempt ended.
    ///
    /// @param status what the client was answered with
    record Ended(Claim claim, Outcome outcome, UsageMeter.Count count, int status, Timing timing) {}

    /// @return completes when the usage is durable
    CompletionStage<Void> report(Ended ended) {
        metrics.tokens(ended.count().tokens());
        return outside.usage()
                .publish(
                        new UsageRecord(
                                ended.claim(),
                                ended.outcome(),
                                ended.count().source(),
                                ended.count().tokens(),
                                ended.status(),
                                outside.clock().instant(),
                                ended.timing()));
    }

    void crashed(Task task, Throwable fault) {
        LOG.atError()
                .setCause(fault)
                .addKeyValue("request", task.requestId())
                .addKeyValue("pool", manifest.name())
                .log("an attempt met a fault of ours, and has failed");
    }

    /// Keeps a task that was given up.
    CompletionStage<Void> write(Task task, FromGateway.Letter letter) {
        boolean carried = task.body() instanceof Task.Inline;
        byte[] body = carried ? ((Task.Inline) task.body()).bytes() : letter.body();
        return outside.letters()
                .write(
                        new DeadLetter(
                                task,
                                letter.headers(),
                                body,
                                manifest.name(),
                                letter.reason(),
                                outside.clock().instant()));
    }
}
