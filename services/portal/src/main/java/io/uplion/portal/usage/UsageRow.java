// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.time.Instant;
import java.util.Map;

/// Usage of one span of time, one model, and so on, as was asked for.
///
/// @param dimensions by their names
/// @param nanos what was charged, in nano-units
/// @param absorbedNanos what it cost beyond what clients could be charged
public record UsageRow(
        Instant time,
        Map<String, String> dimensions,
        long requests,
        long broken,
        Tokens tokens,
        long nanos,
        long absorbedNanos) {
    public UsageRow {
        dimensions = Map.copyOf(dimensions);
    }

    /// @param input all of the prompt, with what was cached and what was audio
    /// @param output all of the answer, with reasoning and audio
    public record Tokens(
            long input,
            long cachedInput,
            long audioInput,
            long output,
            long reasoning,
            long audioOutput) {}
}
