// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/// `/embeddings`.
///
/// @param base64 numbers as little-endian 32-bit floats, which OpenAI's SDKs ask for by default
record EmbeddingsAnswer(List<Input> inputs, int dimensions, boolean base64) {
    private static final int DEFAULT_DIMENSIONS = 256;
    private static final int MAX_DIMENSIONS = 4096;

    /// As many as OpenAI's largest number of inputs needs by default; an answer of 7 MB.
    private static final long MAX_NUMBERS = 2048L * DEFAULT_DIMENSIONS;

    static EmbeddingsAnswer read(Asked asked) {
        JsonNode body = asked.options();
        List<Input> inputs = Inputs.read(asked, "input");
        int dimensions = dimensions(body.path("dimensions"));
        if ((long) inputs.size() * dimensions > MAX_NUMBERS) {
            throw Refusal.invalidValue(
                    "input",
                    "The simulator makes at most " + MAX_NUMBERS + " numbers for one request.");
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).isEmpty()) {
                throw Refusal.invalidValue("input[" + i + "]", "'input' must not be empty.");
            }
        }
        return new EmbeddingsAnswer(inputs, dimensions, base64(body.path("encoding_format")));
    }

    byte[] write(String model) {
        long tokens = inputs.stream().mapToLong(Input::tokens).sum();
        return JsonText.object(
                json -> {
                    json.writeStringField("object", "list");
                    json.writeArrayFieldStart("data");
                    for (int index = 0; index < inputs.size(); index++) {
                        embedding(json, index);
                    }
                    json.writeEndArray();
                    json.writeStringField("model", model);
                    json.writeObjectFieldStart("usage");
                    json.writeNumberField("prompt_tokens", tokens);
                    json.writeNumberField("total_tokens", tokens);
                    json.writeEndObject();
                });
    }

    private void embedding(JsonGenerator json, int index) throws IOException {
        float[] vector = WordVector.of(inputs.get(index), dimensions);
        json.writeStartObject();
        json.writeStringField("object", "embedding");
        json.writeNumberField("index", index);
        json.writeFieldName("embedding");
        if (base64) {
            json.writeString(Base64.getEncoder().encodeToString(littleEndian(vector)));
        } else {
            json.writeStartArray();
            for (float value : vector) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static byte[] littleEndian(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static int dimensions(JsonNode asked) {
        if (asked.isMissingNode() || asked.isNull()) {
            return DEFAULT_DIMENSIONS;
        }
        if (!asked.canConvertToInt() || asked.intValue() < 1 || asked.intValue() > MAX_DIMENSIONS) {
            throw Refusal.invalidValue(
                    "dimensions",
                    "'dimensions' must be an integer from 1 to " + MAX_DIMENSIONS + ".");
        }
        return asked.intValue();
    }

    private static boolean base64(JsonNode asked) {
        if (!asked.isTextual()) {
            return false;
        }
        return switch (asked.textValue()) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                    throw Refusal.invalidValue(
                            "encoding_format", "'encoding_format' must be 'float' or 'base64'.");
        };
    }
}
