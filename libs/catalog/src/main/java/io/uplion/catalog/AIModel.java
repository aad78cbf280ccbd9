// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import io.uplion.openai.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The manifest of one pool of workers that serves a model. Several pools may share a model.
///
/// @param name the pool: `metadata.name`, a DNS label
/// @param model what clients ask for; `metadata.name` where the manifest is silent
/// @param serving where the answers come from
/// @param endpoints what the pool can be asked
/// @param concurrency slots per worker
/// @param timeout bounds one attempt, from its grant
/// @param firstFrameTimeout bounds a streamed attempt's silence before its first frame
/// @param scaling used by the cluster form
public record AIModel(
        String name,
        String model,
        Serving serving,
        Set<Endpoint> endpoints,
        int concurrency,
        Duration timeout,
        Duration firstFrameTimeout,
        Scaling scaling,
        Price price,
        Limits limits,
        Access access) {
    public static final String API_VERSION = "uplion.io/v1alpha1";
    public static final String KIND = "AIModel";
    public static final int DEFAULT_CONCURRENCY = 32;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    public static final Duration DEFAULT_FIRST_FRAME_TIMEOUT = Duration.ofMinutes(2);

    public AIModel {
        endpoints = Set.copyOf(endpoints);
    }

    /// @param backlogPerReplica unacknowledged tasks for which one worker is wanted
    public record Scaling(
            int minReplicas, int maxReplicas, int backlogPerReplica, Duration cooldown) {
        public static Scaling defaults(int concurrency) {
            return new Scaling(0, 10, Math.max(1, concurrency * 8 / 10), Duration.ofMinutes(5));
        }
    }

    /// Nano-units of the platform's currency per token: the manifest's `"0.15"` per million tokens
    /// is 150 here. Integers, so that sums are exact.
    public record Price(long inputNanos, long cachedInputNanos, long outputNanos) {
        public static final Price FREE = new Price(0, 0, 0);
    }

    /// @param contextTokens 0 where unknown
    /// @param outputTokens 0 where unknown
    /// @param queued how many tasks may wait for the model
    public record Limits(int contextTokens, int outputTokens, int queued) {
        public static final int DEFAULT_QUEUED = 1000;
        public static final Limits DEFAULT = new Limits(0, 0, DEFAULT_QUEUED);
    }

    /// @param groups who may use the model; empty means everyone
    public record Access(List<String> groups) {
        public static final Access EVERYONE = new Access(List.of());

        public Access {
            groups = List.copyOf(groups);
        }
    }
}
