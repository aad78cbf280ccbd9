// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// Reads OpenAI's `usage` object. A count that makes no sense spoils the others: nobody shall be
/// charged by it.
final class UsageObject {
    /// More than any model reads or says in one answer, and far from where sums overflow.
    private static final long MOST_TOKENS = 1_000_000_000;

    private long input;
    private long cached;
    private long output;
    private long reasoning;
    private long audioInput;
    private long audioOutput;
    private boolean counted;
    private boolean nonsense;

    private UsageObject() {}

    /// @param json stands on the value of `usage`; on its last token afterwards
    /// @return nothing where it is no object, counts nothing, or counts what cannot be
    static Optional<TokenUsage> read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return Optional.empty();
        }
        UsageObject usage = new UsageObject();
        usage.fields("", json);
        return usage.counted && !usage.nonsense ? Optional.of(usage.tokens()) : Optional.empty();
    }

    private TokenUsage tokens() {
        return new TokenUsage(input, cached, output, reasoning, audioInput, audioOutput);
    }

    /// @param within the field that holds these, empty for the outermost ones
    private void fields(String within, JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_OBJECT && field.endsWith("_tokens_details")) {
                fields(field, json);
            } else {
                field(within, field, json);
            }
        }
    }

    private void field(String within, String field, JsonParser json) throws IOException {
        switch (field) {
            case "prompt_tokens" -> {
                input = count(json);
                counted = true;
            }
            case "completion_tokens" -> {
                output = count(json);
                counted = true;
            }
            case "cached_tokens" -> cached = count(json);
            case "reasoning_tokens" -> reasoning = count(json);
            case "audio_tokens" -> audio(within, json);
            // Other counts are parts of these.
            default -> json.skipChildren();
        }
    }

    /// Both directions have a count of this name.
    private void audio(String within, JsonParser json) throws IOException {
        switch (within) {
            case "prompt_tokens_details" -> audioInput = count(json);
            case "completion_tokens_details" -> audioOutput = count(json);
            default -> json.skipChildren();
        }
    }

    /// `null` says that nobody counted: as good as zero.
    private long count(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return 0;
        }
        boolean fits =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long tokens = fits ? json.getLongValue() : -1;
        json.skipChildren();
        if (tokens < 0 || tokens > MOST_TOKENS) {
            nonsense = true;
            return 0;
        }
        return tokens;
    }
}
