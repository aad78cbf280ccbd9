// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.RequestHead;

/// What is said to a conversation.
final class ChatAnswer {
    private final RequestHead head;
    private final JsonNode body;
    private final int tokens;

    ChatAnswer(RequestHead head, JsonNode body, int tokens) {
        this.head = head;
        this.body = body;
        this.tokens = tokens;
    }

    Completion complete(long promptTokens) {
        Messages messages = Messages.read(body.path("messages"));
        Limits limits = Limits.read(head, body);
        AnswerText text = AnswerText.toMessages(messages, tokens);
        return new Completion(
                text.choices(limits, body.path("seed").asLong(), head.n()), promptTokens);
    }
}
