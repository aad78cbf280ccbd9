// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Reads OpenAI's `usage` object.
final class UsageObject {
    private long input;
    private long cached;
    private long output;
    private long reasoning;

    private UsageObject() {}

    /// @param json stands on the object's opening brace; on its closing brace afterwards
    static TokenUsage read(JsonParser json) throws IOException {
        UsageObject usage = new UsageObject();
        usage.fields(json);
        return new TokenUsage(usage.input, usage.cached, usage.output, usage.reasoning);
    }

    private void fields(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_OBJECT && field.endsWith("_tokens_details")) {
                fields(json);
            } else if (token == JsonToken.VALUE_NUMBER_INT) {
                count(field, json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void count(String field, JsonParser json) throws IOException {
        long tokens =
                json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? 0
                        : Math.max(0, json.getLongValue());
        switch (field) {
            case "prompt_tokens" -> input = tokens;
            case "completion_tokens" -> output = tokens;
            case "cached_tokens" -> cached = tokens;
            case "reasoning_tokens" -> reasoning = tokens;
            default -> {
                // Other counts are parts of these.
            }
        }
    }
}
