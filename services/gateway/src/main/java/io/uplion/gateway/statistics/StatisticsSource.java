// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.uplion.queue.TopicState;
import java.util.Collection;
import java.util.Map;

/// The broker, where it is asked for its statistics.
public interface StatisticsSource {

    /// Blocks, for a few seconds at most.
    ///
    /// @return by model; those without a topic are left out
    /// @throws RuntimeException where the broker cannot be asked
    Map<String, TopicState> poll(Collection<String> models);
}
