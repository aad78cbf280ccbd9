// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/// Reads `response_format`.
final class ResponseFormat {
    private ResponseFormat() {}

    /// @param messages what the small object quotes
    /// @return the JSON that is the answer; nothing where text is asked for
    static Optional<JsonNode> json(JsonNode format, Messages messages) {
        if (!format.isObject()) {
            return Optional.empty();
        }
        return switch (format.path("type").asText()) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(object(messages));
            case "json_schema" -> Optional.of(instance(format.path("json_schema")));
            default ->
                    throw Refusal.invalidValue(
                            "response_format.type",
                            "'type' must be 'text', 'json_object' or 'json_schema'.");
        };
    }

    private static JsonNode object(Messages messages) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("answer", AnswerText.WHO)
                .put("simulated", true)
                .put("quote", Quote.of(messages.text()));
    }

    private static JsonNode instance(JsonNode named) {
        String param = "response_format.json_schema";
        if (!named.isObject()) {
            throw Refusal.invalidValue(param, "'json_schema' must be an object.");
        }
        return SchemaInstance.of(
                named.has("schema") ? named.get("schema") : JsonNodeFactory.instance.objectNode(),
                param + ".schema");
    }
}
