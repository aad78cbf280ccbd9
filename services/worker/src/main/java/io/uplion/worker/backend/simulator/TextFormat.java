// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `text_completion`, the legacy form: whole answers and chunks have one shape.
record TextFormat(Envelope envelope) implements AnswerFormat {
    private static final String OBJECT = "text_completion";

    /// @param counted the client wants to know what a stream used
    static TextFormat open(String model, boolean counted) {
        return new TextFormat(Envelope.open("cmpl-", model, counted));
    }

    @Override
    public Optional<byte[]> opening(int index, Choice choice) {
        return choice instanceof Choice.Text text && !text.echo().isEmpty()
                ? Optional.of(chunk(index, text.echo(), null))
                : Optional.empty();
    }

    @Override
    public byte[] piece(int index, Choice choice, String piece) {
        return chunk(index, piece, null);
    }

    @Override
    public byte[] finish(int index, Choice choice) {
        return chunk(index, "", choice.finish().reason());
    }

    @Override
    public byte[] usage(Completion completion) {
        return envelope.usageChunk(OBJECT, completion);
    }

    @Override
    public byte[] whole(Completion completion) {
        return envelope.write(
                OBJECT,
                json -> {
                    json.writeArrayFieldStart("choices");
                    List<Choice> choices = completion.choices();
                    for (int index = 0; index < choices.size(); index++) {
                        Choice choice = choices.get(index);
                        choice(json, index, choice.joined(), choice.finish().reason());
                    }
                    json.writeEndArray();
                    Envelope.usage(json, completion);
                });
    }

    private byte[] chunk(int index, String text, @Nullable String finish) {
        return envelope.chunk(
                OBJECT,
                json -> {
                    json.writeArrayFieldStart("choices");
                    choice(json, index, text, finish);
                    json.writeEndArray();
                });
    }

    private static void choice(JsonGenerator json, int index, String text, @Nullable String finish)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", index);
        json.writeStringField("text", text);
        json.writeNullField("logprobs");
        json.writeStringField("finish_reason", finish);
        json.writeEndObject();
    }
}
