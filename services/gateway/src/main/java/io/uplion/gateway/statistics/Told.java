// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.TopicState;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/// What the gateway that polls tells the others of one model: JSON in the shared state.
///
/// @param polledAt milliseconds by the teller's clock. They tell one poll from the next; only the
///   time between two polls means anything to others
record Told(TopicState topic, long polledAt, double drainPerSecond) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final TypeReference<Map<String, Integer>> COUNTS = new TypeReference<>() {};

    String text() {
        return json(this);
    }

    /// Nothing where another version wrote what this one cannot read.
    static Optional<Told> parse(String text) {
        try {
            return Optional.ofNullable(JSON.readValue(text, Told.class))
                    .filter(told -> told.topic() != null && told.topic().reading() != null);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /// Counts by model.
    static String counts(Map<String, Integer> counts) {
        return json(counts);
    }

    /// Nothing where they cannot be read.
    static Map<String, Integer> counts(String text) {
        try {
            Map<String, Integer> counts = JSON.readValue(text, COUNTS);
            return counts == null || counts.containsValue(null) ? Map.of() : counts;
        } catch (JsonProcessingException _) {
            return Map.of();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
