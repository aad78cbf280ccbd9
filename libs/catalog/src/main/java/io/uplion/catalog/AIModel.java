// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import io.uplion.counters.reserve.Budget;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
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

    /// @param contextTokens 0 where unknown
    /// @param outputTokens 0 where unknown
    /// @param queued how many tasks may wait for the model
    public record Limits(int contextTokens, int outputTokens, int queued) {
        public static final int DEFAULT_QUEUED = 1000;
        public static final Limits DEFAULT = new Limits(0, 0, DEFAULT_QUEUED);
    }

    /// Nano-units of the platform's currency per token: the manifest's `"0.15"` per million tokens
    /// is 150 here. Integers, so that every cost is exact and nothing is ever rounded.
    ///
    /// @param reasoningNanos of output that nobody reads
    public record Price(
            long inputNanos,
            long cachedInputNanos,
            long outputNanos,
            long reasoningNanos,
            long audioInputNanos,
            long audioOutputNanos) {
        public static final Price FREE = new Price(0, 0, 0);

        public Price {
            if (Math.min(inputNanos, Math.min(cachedInputNanos, outputNanos)) < 0
                    || Math.min(reasoningNanos, Math.min(audioInputNanos, audioOutputNanos)) < 0) {
                throw new IllegalArgumentException("a price below zero");
            }
        }

        /// Reasoning and audio cost what all output and input cost.
        public Price(long inputNanos, long cachedInputNanos, long outputNanos) {
            this(inputNanos, cachedInputNanos, outputNanos, outputNanos, inputNanos, outputNanos);
        }

        /// What the dearest token of input costs.
        public long mostForInput() {
            return Math.max(inputNanos, Math.max(cachedInputNanos, audioInputNanos));
        }

        /// What the dearest token of output costs.
        public long mostForOutput() {
            return Math.max(outputNanos, Math.max(reasoningNanos, audioOutputNanos));
        }

        public boolean isFree() {
            return mostForInput() == 0 && mostForOutput() == 0;
        }

        /// What these tokens cost; [Budget#MOST] at most. Nobody says which of the cached tokens
        /// are audio, or which of the reasoning: they are taken for different ones as far as there
        /// are so many, so each token is counted once.
        public long cost(TokenUsage used) {
            long cached = Math.min(used.cachedInput(), used.input());
            long heard = Math.min(used.audioInput(), used.input() - cached);
            long thought = Math.min(used.reasoning(), used.output());
            long spoken = Math.min(used.audioOutput(), used.output() - thought);
            long input =
                    cost(used.input() - cached - heard, inputNanos)
                            + cost(cached, cachedInputNanos)
                            + cost(heard, audioInputNanos);
            long output =
                    cost(used.output() - thought - spoken, outputNanos)
                            + cost(thought, reasoningNanos)
                            + cost(spoken, audioOutputNanos);
            // Six times the most is still far from where numbers end.
            return Math.min(Budget.MOST, input + output);
        }

        /// So many tokens at so much; [Budget#MOST] at most.
        public static long cost(long tokens, long nanos) {
            return nanos > 0 && tokens > Budget.MOST / nanos ? Budget.MOST : tokens * nanos;
        }
    }

    /// @param groups who may use the model; empty means everyone
    public record Access(List<String> groups) {
        public static final Access EVERYONE = new Access(List.of());

        public Access {
            groups = List.copyOf(groups);
        }
    }
}
