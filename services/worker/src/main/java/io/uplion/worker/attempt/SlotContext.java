// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.catalog.AIModel;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.UsageQueue;
import io.uplion.task.ReplyDesk;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.pool.PoolHealth;
import java.time.Clock;
import java.time.Duration;

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
}
