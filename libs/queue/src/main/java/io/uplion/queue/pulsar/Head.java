// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.Endpoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The head of a message, read strictly: a field that is asked for is there and of its kind. Values
/// are not named in errors, for they may be secret.
record Head(JsonNode json) {

    boolean has(String field) {
        return json.has(field);
    }

    String text(String field) throws MalformedMessageException {
        return text(json.path(field), field);
    }

    private static String text(JsonNode value, String field) throws MalformedMessageException {
        if (!value.isTextual()) {
            throw wrong(field, "text");
        }
        return value.textValue();
    }

    boolean bool(String field) throws MalformedMessageException {
        JsonNode value = json.path(field);
        if (!value.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return value.booleanValue();
    }

    long length(String field) throws MalformedMessageException {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrong(field, "a length");
        }
        return value.longValue();
    }

    UUID uuid(String field) throws MalformedMessageException {
        String text = text(field);
        try {
            UUID uuid = UUID.fromString(text);
            // Java's parser takes shorter forms as well.
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw wrong(field, "a UUID");
    }

    Instant instant(String field) throws MalformedMessageException {
        try {
            return Instant.parse(text(field));
        } catch (DateTimeException e) {
            throw wrong(field, "a time");
        }
    }

    Endpoint endpoint(String field) throws MalformedMessageException {
        Optional<Endpoint> endpoint = Endpoint.byId(text(field));
        if (endpoint.isEmpty()) {
            throw wrong(field, "an endpoint");
        }
        return endpoint.get();
    }

    Map<String, String> texts(String field) throws MalformedMessageException {
        JsonNode object = json.path(field);
        if (!object.isObject()) {
            throw wrong(field, "an object");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            texts.put(entry.getKey(), text(entry.getValue(), field));
        }
        return texts;
    }

    private static MalformedMessageException wrong(String field, String expected) {
        return new MalformedMessageException("its field " + field + " is not " + expected);
    }
}
