// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JsonToken;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The types of the top-level fields we know. A wrong one would come back as the provider's error,
/// or as its crash; said here it costs nobody an attempt. Fields that are not listed pass through.
///
/// @param expected as the error says it
/// @param required a request without it is refused
record FieldRule(String expected, Set<JsonToken> tokens, boolean required) {
    private static final FieldRule STRING = of("a string", JsonToken.VALUE_STRING);
    private static final FieldRule BOOLEAN =
            of("a boolean", JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE);
    private static final FieldRule INTEGER = of("an integer", JsonToken.VALUE_NUMBER_INT);
    private static final FieldRule NUMBER =
            of("a number", JsonToken.VALUE_NUMBER_INT, JsonToken.VALUE_NUMBER_FLOAT);
    private static final FieldRule OBJECT = of("an object", JsonToken.START_OBJECT);
    private static final FieldRule ARRAY = of("an array", JsonToken.START_ARRAY);
    private static final FieldRule TEXTS =
            of("a string or an array", JsonToken.VALUE_STRING, JsonToken.START_ARRAY);
    private static final FieldRule TOOL_CHOICE =
            of("a string or an object", JsonToken.VALUE_STRING, JsonToken.START_OBJECT);

    private static final Map<String, FieldRule> GENERATION =
            Map.ofEntries(
                    Map.entry("model", STRING.asRequired()),
                    Map.entry("stream", BOOLEAN),
                    Map.entry("stream_options", OBJECT),
                    Map.entry("max_tokens", INTEGER),
                    Map.entry("n", INTEGER),
                    Map.entry("temperature", NUMBER),
                    Map.entry("top_p", NUMBER),
                    Map.entry("presence_penalty", NUMBER),
                    Map.entry("frequency_penalty", NUMBER),
                    Map.entry("seed", INTEGER),
                    Map.entry("stop", TEXTS),
                    Map.entry("logit_bias", OBJECT),
                    Map.entry("user", STRING));

    private static final Map<String, FieldRule> CHAT =
            with(
                    GENERATION,
                    Map.of(
                            "messages", ARRAY.asRequired(),
                            "max_completion_tokens", INTEGER,
                            "tools", ARRAY,
                            "tool_choice", TOOL_CHOICE,
                            "response_format", OBJECT,
                            "parallel_tool_calls", BOOLEAN,
                            "logprobs", BOOLEAN,
                            "top_logprobs", INTEGER));

    private static final Map<String, FieldRule> COMPLETIONS =
            with(
                    GENERATION,
                    Map.of(
                            "prompt", TEXTS.asRequired(),
                            "echo", BOOLEAN,
                            "logprobs", INTEGER,
                            "best_of", INTEGER));

    private static final Map<String, FieldRule> EMBEDDINGS =
            Map.of(
                    "model", STRING.asRequired(),
                    "input", TEXTS.asRequired(),
                    "encoding_format", STRING,
                    "dimensions", INTEGER,
                    "user", STRING);

    static Map<String, FieldRule> of(Endpoint endpoint) {
        return switch (endpoint) {
            case CHAT -> CHAT;
            case COMPLETIONS -> COMPLETIONS;
            case EMBEDDINGS -> EMBEDDINGS;
        };
    }

    /// `null` says the same as leaving an optional field out.
    boolean allows(JsonToken token) {
        return tokens.contains(token) || (!required && token == JsonToken.VALUE_NULL);
    }

    private FieldRule asRequired() {
        return new FieldRule(expected, tokens, true);
    }

    private static FieldRule of(String expected, JsonToken first, JsonToken... more) {
        return new FieldRule(expected, EnumSet.of(first, more), false);
    }

    private static Map<String, FieldRule> with(
            Map<String, FieldRule> base, Map<String, FieldRule> more) {
        Map<String, FieldRule> all = new HashMap<>(base);
        all.putAll(more);
        return Map.copyOf(all);
    }
}
