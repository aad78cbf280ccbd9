// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `chat.completion` and `chat.completion.chunk`.
record ChatFormat(Envelope envelope) implements AnswerFormat {
    private static final String CHUNK = "chat.completion.chunk";

    /// @param counted the client wants to know what a stream used
    static ChatFormat open(String model, boolean counted) {
        return new ChatFormat(Envelope.open("chatcmpl-", model, counted));
    }

    @Override
    public Optional<byte[]> opening(int index, Choice choice) {
        return Optional.of(
                switch (choice) {
                    case Choice.Text _ ->
                            chunk(
                                    index,
                                    null,
                                    json -> {
                                        json.writeStringField("role", "assistant");
                                        json.writeStringField("content", "");
                                        json.writeNullField("refusal");
                                    });
                    case Choice.ToolCall call ->
                            chunk(
                                    index,
                                    null,
                                    json -> {
                                        json.writeStringField("role", "assistant");
                                        json.writeNullField("content");
                                        toolCalls(json, call, true, "");
                                    });
                });
    }

    @Override
    public byte[] piece(int index, Choice choice, String piece) {
        return switch (choice) {
            case Choice.Text _ ->
                    chunk(index, null, json -> json.writeStringField("content", piece));
            case Choice.ToolCall _ ->
                    chunk(
                            index,
                            null,
                            json -> {
                                json.writeArrayFieldStart("tool_calls");
                                json.writeStartObject();
                                json.writeNumberField("index", 0);
                                json.writeObjectFieldStart("function");
                                json.writeStringField("arguments", piece);
                                json.writeEndObject();
                                json.writeEndObject();
                                json.writeEndArray();
                            });
        };
    }

    @Override
    public byte[] finish(int index, Choice choice) {
        return chunk(index, choice.finish().reason(), _ -> {});
    }

    @Override
    public byte[] usage(Completion completion) {
        return envelope.usageChunk(CHUNK, completion);
    }

    @Override
    public byte[] whole(Completion completion) {
        return envelope.write(
                "chat.completion",
                json -> {
                    json.writeArrayFieldStart("choices");
                    List<Choice> choices = completion.choices();
                    for (int index = 0; index < choices.size(); index++) {
                        wholeChoice(json, index, choices.get(index));
                    }
                    json.writeEndArray();
                    Envelope.usage(json, completion);
                });
    }

    private byte[] chunk(int index, @Nullable String finish, JsonText.Fields delta) {
        return envelope.chunk(
                CHUNK,
                json -> {
                    json.writeArrayFieldStart("choices");
                    json.writeStartObject();
                    json.writeNumberField("index", index);
                    json.writeObjectFieldStart("delta");
                    delta.write(json);
                    json.writeEndObject();
                    json.writeNullField("logprobs");
                    json.writeStringField("finish_reason", finish);
                    json.writeEndObject();
                    json.writeEndArray();
                });
    }

    private static void wholeChoice(JsonGenerator json, int index, Choice choice)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", index);
        json.writeObjectFieldStart("message");
        json.writeStringField("role", "assistant");
        switch (choice) {
            case Choice.Text text -> json.writeStringField("content", text.joined());
            case Choice.ToolCall call -> {
                json.writeNullField("content");
                toolCalls(json, call, false, call.joined());
            }
        }
        json.writeNullField("refusal");
        json.writeEndObject();
        json.writeNullField("logprobs");
        json.writeStringField("finish_reason", choice.finish().reason());
        json.writeEndObject();
    }

    /// @param numbered a stream's parts say which call they belong to
    private static void toolCalls(
            JsonGenerator json, Choice.ToolCall call, boolean numbered, String arguments)
            throws IOException {
        json.writeArrayFieldStart("tool_calls");
        json.writeStartObject();
        if (numbered) {
            json.writeNumberField("index", 0);
        }
        json.writeStringField("id", call.id());
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", call.function());
        json.writeStringField("arguments", arguments);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }
}
