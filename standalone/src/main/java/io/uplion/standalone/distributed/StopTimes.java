// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.catalog.AIModel;
import io.uplion.platform.settings.Amounts;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/// How long a child that is sent away may take before it is killed: what it waits for by itself,
/// and then some. A bound that is shorter than its own would break answers that it still finishes.
///
/// @param environment with the settings that the children inherit
record StopTimes(Map<String, String> environment, WantedPools pools) {
    /// For all that is no waiting for answers.
    static final Duration MARGIN = Duration.ofSeconds(40);

    private static final Duration LEAVE = Duration.ofSeconds(2);

    Duration gateway() {
        return given("UPLION_GATEWAY_DRAIN")
                .orElseGet(this::longestAttempt)
                .plus(given("UPLION_GATEWAY_LEAVE").orElse(LEAVE))
                .plus(MARGIN);
    }

    Duration worker(AIModel pool) {
        return given("UPLION_WORKER_DRAIN").orElse(pool.timeout()).plus(MARGIN);
    }

    /// Of the models that there are now: others come while gateways run.
    private Duration longestAttempt() {
        try {
            return pools.read().values().stream()
                    .map(AIModel::timeout)
                    .max(Comparator.naturalOrder())
                    .orElse(AIModel.DEFAULT_TIMEOUT);
        } catch (UncheckedIOException _) {
            return AIModel.DEFAULT_TIMEOUT;
        }
    }

    /// A wrong one has stopped the child when it started.
    private Optional<Duration> given(String setting) {
        try {
            return Optional.ofNullable(environment.get(setting))
                    .filter(text -> !text.isBlank())
                    .map(text -> Amounts.duration(text.strip()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
