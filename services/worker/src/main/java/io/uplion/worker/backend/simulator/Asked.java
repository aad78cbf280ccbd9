// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// A request's body as the simulator reads it: what it needs to understand as a tree, what may have
/// megabytes as the place where it stands.
///
/// @param options the small fields
/// @param places where the values of the large fields begin
record Asked(byte[] bytes, JsonNode options, Map<String, Integer> places) {
    /// A tree takes many times the bytes it was made of.
    private static final int MAX_OPTION_BYTES = 256 << 10;

    private static final Set<String> OPTIONS =
            Set.of(
                    "stop",
                    "seed",
                    "echo",
                    "tools",
                    "tool_choice",
                    "functions",
                    "function_call",
                    "logprobs",
                    "response_format",
                    "dimensions",
                    "encoding_format");
    private static final Set<String> LARGE = Set.of("messages", "prompt", "input");

    /// A copy of the factory: a mapper writes itself into the one it gets.
    private static final ObjectMapper JSON = new ObjectMapper(JsonText.FACTORY.copy());

    static Asked read(byte[] bytes) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        Map<String, Integer> places = new HashMap<>();
        try (JsonParser json = JsonText.parser(bytes)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                int from = JsonText.from(json, bytes);
                json.skipChildren();
                if (LARGE.contains(field)) {
                    places.put(field, from);
                } else if (OPTIONS.contains(field)) {
                    int to = JsonText.end(json, bytes);
                    options.set(field, option(bytes, field, from, to));
                }
            }
        } catch (IOException e) {
            throw Refusal.invalidBody("A field of the body is far too long for the simulator.");
        }
        return new Asked(bytes, options, places);
    }

    private static JsonNode option(byte[] bytes, String field, int from, int to)
            throws IOException {
        if (to - from > MAX_OPTION_BYTES) {
            throw Refusal.invalidValue(
                    field,
                    "The simulator reads at most "
                            + MAX_OPTION_BYTES
                            + " bytes of '"
                            + field
                            + "'.");
        }
        return JSON.readTree(bytes, from, to - from);
    }

    /// A parser that stands on the first token of the value that begins there.
    JsonParser open(int from) throws IOException {
        JsonParser json = JsonText.parser(bytes, from);
        json.nextToken();
        return json;
    }

    /// Where in the body such a parser stands.
    static int place(JsonParser json, int from) {
        return from + (int) json.currentTokenLocation().getByteOffset();
    }
}
