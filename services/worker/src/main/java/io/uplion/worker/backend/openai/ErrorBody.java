// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A provider's error answer, in whatever shape it came.
///
/// @param message bounded; empty where there is none
/// @param code the provider's code, or its type
record ErrorBody(String message, String type, String param, String code) {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonText.FACTORY);
    private static final int MAX_CHARS = 1000;

    static ErrorBody read(byte[] body) {
        try {
            JsonNode json = MAPPER.readTree(body);
            JsonNode error = json.path("error");
            if (error.isTextual()) {
                return new ErrorBody(bounded(error.asText()), "", "", "");
            }
            JsonNode fields = error.isObject() ? error : json;
            return new ErrorBody(
                    text(fields, "message"),
                    text(fields, "type"),
                    text(fields, "param"),
                    text(fields, "code"));
        } catch (JacksonException e) {
            return new ErrorBody(
                    bounded(new String(body, StandardCharsets.UTF_8).strip()), "", "", "");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static String text(JsonNode fields, String name) {
        JsonNode value = fields.path(name);
        return value.isValueNode() && !value.isNull() ? bounded(value.asText()) : "";
    }

    private static String bounded(String text) {
        return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
    }

    /// What names the error best.
    String name() {
        return code.isEmpty() ? type : code;
    }

    /// The same error with all four keys, as clients expect it.
    byte[] toJson(int status) {
        return JsonText.object(
                json -> {
                    json.writeObjectFieldStart("error");
                    String words = message.isEmpty() ? "The provider answered " + status : message;
                    json.writeStringField("message", words);
                    json.writeStringField("type", type.isEmpty() ? "invalid_request_error" : type);
                    json.writeStringField("param", param.isEmpty() ? null : param);
                    json.writeStringField("code", code.isEmpty() ? null : code);
                    json.writeEndObject();
                });
    }
}
