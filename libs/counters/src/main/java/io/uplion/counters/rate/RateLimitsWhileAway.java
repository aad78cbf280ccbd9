// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Limits that go on while the store that nodes share is away: then each lets in its share by
/// itself. What a node has let in by itself it remembers over several such times, so that in any
/// time all nodes together let in no more than twice the limit.
public final class RateLimitsWhileAway implements RateLimits {
    private final RateLimits shared;
    private final RateLimits alone;

    /// @param alone answers at once, and lets in this node's share
    public RateLimitsWhileAway(RateLimits shared, RateLimits alone) {
        this.shared = shared;
        this.alone = alone;
    }

    @Override
    public CompletionStage<Taken> take(UUID account, List<Bucket> buckets) {
        return shared.take(account, buckets)
                .thenCompose(
                        taken ->
                                switch (taken) {
                                    case Taken.Unknown _ -> alone.take(account, buckets);
                                    case Taken.Let _ -> CompletableFuture.completedStage(taken);
                                    case Taken.Refused _ -> CompletableFuture.completedStage(taken);
                                });
    }

    @Override
    public void close() {
        shared.close();
        alone.close();
    }
}
