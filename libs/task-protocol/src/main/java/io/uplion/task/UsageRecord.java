// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.openai.TokenUsage;
import java.time.Duration;
import java.time.Instant;

/// What a committed attempt used.
///
/// @param source who counted
/// @param status what the client was answered with
/// @param endedAt by the worker's clock
public record UsageRecord(
        Claim claim,
        Outcome outcome,
        Source source,
        TokenUsage tokens,
        int status,
        Instant endedAt,
        Timing timing) {

    public enum Outcome {
        COMPLETED,
        /// The client left, was too slow, or lost its key: billed for what was produced.
        CANCELLED,
        /// Our fault or the provider's: charged nothing.
        BROKEN
    }

    public enum Source {
        REPORTED,
        ESTIMATED,
        /// Counted up to where the answer stopped.
        PARTIAL
    }

    /// @param firstFrame from the grant to the first frame
    /// @param total from the grant to the end
    public record Timing(Duration firstFrame, Duration total) {}
}
