// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import io.uplion.openai.RequestHead.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every field that we know, of every endpoint, with every type of value.
class WrongTypesTest {
    private enum Type {
        STRING("\"x\""),
        BOOLEAN("true"),
        INTEGER("7"),
        FRACTION("1.5"),
        OBJECT("{\"a\":1}"),
        ARRAY("[{}]"),
        NULL("null");

        private final String json;

        Type(String json) {
            this.json = json;
        }
    }

    private static final Map<String, Set<Type>> GENERATION =
            Map.ofEntries(
                    Map.entry("stream", Set.of(Type.BOOLEAN, Type.NULL)),
                    Map.entry("stream_options", Set.of(Type.OBJECT, Type.NULL)),
                    Map.entry("max_tokens", Set.of(Type.INTEGER, Type.NULL)),
                    Map.entry("n", Set.of(Type.INTEGER, Type.NULL)),
                    Map.entry("temperature", Set.of(Type.INTEGER, Type.FRACTION, Type.NULL)),
                    Map.entry("top_p", Set.of(Type.INTEGER, Type.FRACTION, Type.NULL)),
                    Map.entry("presence_penalty", Set.of(Type.INTEGER, Type.FRACTION, Type.NULL)),
                    Map.entry("frequency_penalty", Set.of(Type.INTEGER, Type.FRACTION, Type.NULL)),
                    Map.entry("seed", Set.of(Type.INTEGER, Type.NULL)),
                    Map.entry("stop", Set.of(Type.STRING, Type.ARRAY, Type.NULL)),
                    Map.entry("logit_bias", Set.of(Type.OBJECT, Type.NULL)));

    private static final Map<String, Set<Type>> CHAT =
            Map.of(
                    "messages", Set.of(Type.ARRAY),
                    "max_completion_tokens", Set.of(Type.INTEGER, Type.NULL),
                    "tools", Set.of(Type.ARRAY, Type.NULL),
                    "tool_choice", Set.of(Type.STRING, Type.OBJECT, Type.NULL),
                    "response_format", Set.of(Type.OBJECT, Type.NULL),
                    "parallel_tool_calls", Set.of(Type.BOOLEAN, Type.NULL),
                    "logprobs", Set.of(Type.BOOLEAN, Type.NULL),
                    "top_logprobs", Set.of(Type.INTEGER, Type.NULL));

    private static final Map<String, Set<Type>> COMPLETIONS =
            Map.of(
                    "prompt", Set.of(Type.STRING, Type.ARRAY),
                    "echo", Set.of(Type.BOOLEAN, Type.NULL),
                    "logprobs", Set.of(Type.INTEGER, Type.NULL),
                    "best_of", Set.of(Type.INTEGER, Type.NULL));

    private static final Map<String, Set<Type>> EMBEDDINGS =
            Map.of(
                    "input", Set.of(Type.STRING, Type.ARRAY),
                    "encoding_format", Set.of(Type.STRING, Type.NULL),
                    "dimensions", Set.of(Type.INTEGER, Type.NULL));

    private static Map<String, Set<Type>> fields(Endpoint endpoint) {
        Map<String, Set<Type>> fields = new LinkedHashMap<>();
        fields.put("model", Set.of(Type.STRING));
        fields.put("user", Set.of(Type.STRING, Type.NULL));
        if (endpoint != Endpoint.EMBEDDINGS) {
            fields.putAll(GENERATION);
        }
        fields.putAll(
                switch (endpoint) {
                    case CHAT -> CHAT;
                    case COMPLETIONS -> COMPLETIONS;
                    case EMBEDDINGS -> EMBEDDINGS;
                });
        return fields;
    }

    private static Stream<Arguments> everyField() {
        return Stream.of(Endpoint.values())
                .flatMap(
                        endpoint ->
                                fields(endpoint).entrySet().stream()
                                        .map(
                                                field ->
                                                        Arguments.of(
                                                                endpoint,
                                                                field.getKey(),
                                                                field.getValue())));
    }

    private static RequestHead.Result parsed(Endpoint endpoint, String field, String value) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("model", "\"m\"");
        body.put(
                switch (endpoint) {
                    case CHAT -> "messages";
                    case COMPLETIONS -> "prompt";
                    case EMBEDDINGS -> "input";
                },
                endpoint == Endpoint.CHAT ? "[{}]" : "\"x\"");
        body.put(field, value);
        String json =
                body.entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                        .collect(Collectors.joining(",", "{", "}"));
        return RequestHead.parse(endpoint, json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("everyField")
    void onlyRightTypesAreTaken(Endpoint endpoint, String field, Set<Type> right) {
        for (Type type : Type.values()) {
            RequestHead.Result result = parsed(endpoint, field, type.json);
            String what = field + " as " + type;
            if (right.contains(type)) {
                assertThat(result).as(what).isInstanceOf(RequestHead.Parsed.class);
                continue;
            }
            assertThat(result).as(what).isInstanceOf(Refused.class);
            OpenAiError error = ((Refused) result).error();
            assertThat(error.code()).as(what).isEqualTo(ErrorCode.INVALID_TYPE);
            assertThat(error.param()).as(what).isEqualTo(field);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noRuleIsLeftUntried(Endpoint endpoint) {
        assertThat(fields(endpoint)).containsOnlyKeys(FieldRule.of(endpoint).keySet());
    }

    @Test
    void everyTypeThatJsonHasIsTried() {
        List<JsonToken> values =
                Arrays.stream(JsonToken.values())
                        .filter(token -> token.isScalarValue() || token.isStructStart())
                        .filter(token -> token != JsonToken.VALUE_EMBEDDED_OBJECT)
                        .toList();
        // `true` and `false` are one type.
        assertThat(Type.values()).hasSize(values.size() - 1);
    }
}
