// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// The error a provider wrote into a 200 answer.
///
/// @param code its own code, or its type where it has none
public record UpstreamError(String code, String message) {
    private static final int MAX_CHARS = 500;

    /// @param json stands on the value of `error`; nothing is read from a `null`
    static Optional<UpstreamError> read(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return Optional.of(new UpstreamError("", "the provider sent an error"));
        }
        String code = "";
        String type = "";
        String message = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            switch (field) {
                case "message" -> message = scalar(json, token);
                case "type" -> type = scalar(json, token);
                case "code" -> code = scalar(json, token);
                default -> json.skipChildren();
            }
        }
        return Optional.of(new UpstreamError(code.isEmpty() ? type : code, message));
    }

    private static String scalar(JsonParser json, JsonToken token) throws IOException {
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            json.skipChildren();
            return "";
        }
        String text = json.getText();
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        // Not through the middle of a character.
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
        return text.substring(0, end);
    }
}
