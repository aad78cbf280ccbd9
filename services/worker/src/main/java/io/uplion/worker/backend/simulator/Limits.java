// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.RequestHead;
import java.util.ArrayList;
import java.util.List;

/// Where the client wants an answer to end.
///
/// @param maxTokens [Long#MAX_VALUE] where the client names none
/// @param stops none of them empty
record Limits(long maxTokens, List<String> stops) {
    /// OpenAI allows 4; some clients send more. Each one costs a search.
    private static final int MAX_STOPS = 16;

    static Limits read(RequestHead head, JsonNode body) {
        return new Limits(head.maxTokens().orElse(Long.MAX_VALUE), stops(body.path("stop")));
    }

    /// Tool calls know a maximum but no stop sequences.
    Limits withoutStops() {
        return new Limits(maxTokens, List.of());
    }

    private static List<String> stops(JsonNode stop) {
        if (stop.size() > MAX_STOPS) {
            throw Refusal.invalidValue(
                    "stop", "'stop' must hold at most " + MAX_STOPS + " sequences.");
        }
        List<String> stops = new ArrayList<>();
        if (stop.isTextual()) {
            add(stop, stops);
        }
        for (JsonNode sequence : stop) {
            if (!sequence.isTextual()) {
                throw Refusal.invalidValue("stop", "'stop' must hold strings.");
            }
            add(sequence, stops);
        }
        return stops;
    }

    private static void add(JsonNode sequence, List<String> stops) {
        if (!sequence.textValue().isEmpty()) {
            stops.add(sequence.textValue());
        }
    }
}
