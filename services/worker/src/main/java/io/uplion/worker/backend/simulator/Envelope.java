// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// What every object of one answer has in common.
///
/// @param created seconds since 1970
/// @param counted the client wants to know what a stream used: then every chunk has a place for it
record Envelope(String id, long created, String model, boolean counted) {
    private static final String FINGERPRINT = "uplion-simulator";

    static Envelope open(String idPrefix, String model, boolean counted) {
        return new Envelope(newId(idPrefix), Instant.now().getEpochSecond(), model, counted);
    }

    /// Ids have to differ; nobody has to be unable to guess them.
    static String newId(String prefix) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return prefix + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /// @param object the value of the field of that name
    byte[] write(String object, JsonText.Fields fields) {
        return JsonText.object(
                json -> {
                    json.writeStringField("id", id);
                    json.writeStringField("object", object);
                    json.writeNumberField("created", created);
                    json.writeStringField("model", model);
                    json.writeStringField("system_fingerprint", FINGERPRINT);
                    fields.write(json);
                });
    }

    /// A chunk that is not the last.
    byte[] chunk(String object, JsonText.Fields fields) {
        return write(
                object,
                json -> {
                    fields.write(json);
                    if (counted) {
                        json.writeNullField("usage");
                    }
                });
    }

    /// The last chunk of a stream: the count, and no choice.
    byte[] usageChunk(String object, Completion completion) {
        return write(
                object,
                json -> {
                    json.writeArrayFieldStart("choices");
                    json.writeEndArray();
                    usage(json, completion);
                });
    }

    static void usage(JsonGenerator json, Completion completion) throws IOException {
        long input = completion.promptTokens();
        long output = completion.outputTokens();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", input);
        json.writeNumberField("completion_tokens", output);
        json.writeNumberField("total_tokens", input + output);
        json.writeObjectFieldStart("prompt_tokens_details");
        json.writeNumberField("cached_tokens", 0);
        json.writeEndObject();
        json.writeObjectFieldStart("completion_tokens_details");
        json.writeNumberField("reasoning_tokens", 0);
        json.writeEndObject();
        json.writeEndObject();
    }
}
