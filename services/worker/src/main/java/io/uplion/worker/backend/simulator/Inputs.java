// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.TokenEstimate;
import java.util.ArrayList;
import java.util.List;

/// Reads the four forms of `prompt` and `input`: a string, strings, token ids, arrays of token ids.
final class Inputs {
    /// As many as OpenAI takes.
    private static final int MAX_INPUTS = 2048;

    private Inputs() {}

    /// @param text for token ids, the ids as words
    /// @param ids how many token ids there are, 0 for text
    record Input(String text, int ids) {
        long tokens() {
            return ids == 0 ? TokenEstimate.of(text) : ids;
        }
    }

    /// @param field its name, for the error
    static List<Input> read(String field, JsonNode value) {
        if (value.isTextual()) {
            return List.of(new Input(value.textValue(), 0));
        }
        if (value.path(0).isIntegralNumber()) {
            return List.of(ids(field, value));
        }
        if (value.isEmpty() || value.size() > MAX_INPUTS) {
            throw Refusal.invalidValue(
                    field, "'" + field + "' must hold 1 to " + MAX_INPUTS + " elements.");
        }
        List<Input> inputs = new ArrayList<>();
        for (JsonNode element : value) {
            String path = field + "[" + inputs.size() + "]";
            inputs.add(
                    element.isTextual() ? new Input(element.textValue(), 0) : ids(path, element));
        }
        return inputs;
    }

    private static Input ids(String path, JsonNode ids) {
        if (!ids.isArray() || ids.isEmpty()) {
            throw wrong(path);
        }
        StringBuilder words = new StringBuilder();
        for (JsonNode id : ids) {
            if (!id.isIntegralNumber()) {
                throw wrong(path);
            }
            words.append(words.isEmpty() ? "" : " ").append(id.asText());
        }
        return new Input(words.toString(), ids.size());
    }

    private static Refusal wrong(String path) {
        return Refusal.invalidValue(
                path, "'" + path + "' must be a string or a non-empty array of token ids.");
    }
}
