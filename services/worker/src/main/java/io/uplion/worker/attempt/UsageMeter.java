// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.openai.Endpoint;
import io.uplion.openai.JsonText;
import io.uplion.openai.StreamChunk;
import io.uplion.openai.TokenUsage;
import io.uplion.openai.WholeAnswer;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord.Source;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Counts what an answer used: the provider's count where it gives one, else our estimate.
final class UsageMeter {
    private Optional<TokenUsage> reported = Optional.empty();
    private long produced;

    record Count(TokenUsage tokens, Source source) {}

    void chunk(StreamChunk chunk) {
        produced += chunk.produced();
        if (chunk.usage().isPresent()) {
            reported = chunk.usage();
        }
    }

    void whole(WholeAnswer answer) {
        produced = answer.produced();
        reported = answer.usage();
    }

    boolean isReported() {
        return reported.isPresent();
    }

    /// @param prompt estimates the prompt's tokens; asked where nobody counted them
    /// @param most output that the client allows: an estimate beyond it is wrong
    /// @param complete the answer came to its end
    Count count(LongSupplier prompt, OptionalLong most, boolean complete) {
        if (reported.isPresent()) {
            return new Count(reported.get(), complete ? Source.REPORTED : Source.PARTIAL);
        }
        long output = Math.min(produced, most.orElse(produced));
        TokenUsage estimate = TokenUsage.of(prompt.getAsLong(), output);
        return new Count(estimate, complete ? Source.ESTIMATED : Source.PARTIAL);
    }

    /// The usage chunk a client asked for and its provider did not send.
    static byte[] chunk(Task task, TokenUsage tokens) {
        boolean chat = task.endpoint() == Endpoint.CHAT;
        return JsonText.object(
                json -> {
                    json.writeStringField("id", task.requestId());
                    json.writeStringField(
                            "object", chat ? "chat.completion.chunk" : "text_completion");
                    json.writeNumberField("created", System.currentTimeMillis() / 1000);
                    json.writeStringField("model", task.model());
                    json.writeArrayFieldStart("choices");
                    json.writeEndArray();
                    json.writeObjectFieldStart("usage");
                    counts(json, tokens);
                    json.writeEndObject();
                });
    }

    /// The value of `usage` alone.
    static byte[] object(TokenUsage tokens) {
        return JsonText.object(json -> counts(json, tokens));
    }

    private static void counts(JsonGenerator json, TokenUsage tokens) throws IOException {
        json.writeNumberField("prompt_tokens", tokens.input());
        json.writeNumberField("completion_tokens", tokens.output());
        json.writeNumberField("total_tokens", tokens.input() + tokens.output());
    }
}
