// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import io.uplion.portal.usage.UsageRow.Tokens;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// One request as it stands in the ledger.
///
/// @param source who counted the tokens: `reported` by the provider, `estimated` or `partial`
/// @param status that its client got
/// @param attempt which of them has answered
/// @param firstFrameMillis from acceptance to the first token
/// @param totalMillis from acceptance to the end
/// @param dimensions model, pool, outcome, account, user and key
public record BilledRequest(
        Instant acceptedAt,
        UUID task,
        Map<Dimension, String> dimensions,
        String endpoint,
        String source,
        int status,
        int attempt,
        Tokens tokens,
        long nanos,
        long firstFrameMillis,
        long totalMillis) {
    public BilledRequest {
        dimensions = Map.copyOf(dimensions);
    }

    /// By which its client knows it.
    public String requestId() {
        return "req_" + task.toString().replace("-", "");
    }
}
