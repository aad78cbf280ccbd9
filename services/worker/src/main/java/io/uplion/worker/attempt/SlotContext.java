// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.catalog.AIModel;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.UsageQueue;
import io.uplion.task.FromGateway;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.pool.PoolHealth;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

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

    public record Outside(ReplyDesk desk, UsageQueue usage, DeadLetters letters, Clock clock) {}

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
