// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.openai.JsonText;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenEstimate;
import io.uplion.worker.backend.Backend.Request;
import java.io.IOException;

/// Reads a request and thinks up the reply to it. Knows no clock and no event loop.
///
/// @param tokens length of an answer that nothing cuts
record Replies(String model, int tokens) {
    /// A copy of the factory: a mapper writes itself into the one it gets.
    private static final ObjectMapper JSON = new ObjectMapper(JsonText.FACTORY.copy());

    Reply to(Request request) {
        try {
            return answer(request.head(), request.body());
        } catch (Refusal refusal) {
            return Reply.refused(refusal.error());
        }
    }

    private Reply answer(RequestHead head, byte[] bytes) {
        JsonNode body = read(bytes);
        return switch (head.endpoint()) {
            case CHAT -> {
                ChatAnswer answer = new ChatAnswer(head, body, tokens);
                yield reply(head, answer.complete(prompt(bytes)), ChatFormat.open(model));
            }
            case COMPLETIONS -> {
                PromptAnswer answer = new PromptAnswer(head, body, tokens);
                yield reply(head, answer.complete(prompt(bytes)), TextFormat.open(model));
            }
            case EMBEDDINGS -> {
                byte[] answer = EmbeddingsAnswer.read(body).write(model);
                yield Reply.answered(head.endpoint(), answer, 0);
            }
        };
    }

    private static long prompt(byte[] bytes) {
        return TokenEstimate.ofPrompt(bytes);
    }

    private static Reply reply(RequestHead head, Completion completion, AnswerFormat format) {
        return head.stream()
                ? new Reply.Streamed(completion, format)
                : Reply.answered(head.endpoint(), format.whole(completion), completion.steps());
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw Refusal.invalidBody("The body is not valid JSON.");
        }
    }
}
