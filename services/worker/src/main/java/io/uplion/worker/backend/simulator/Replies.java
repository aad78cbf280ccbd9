// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenEstimate;
import io.uplion.worker.backend.Backend.Request;

/// Reads a request and thinks up the reply to it. Knows no clock and no event loop.
///
/// @param tokens length of an answer that nothing cuts
record Replies(String model, int tokens) {
    Reply to(Request request) {
        try {
            return answer(request.head(), request.body());
        } catch (Refusal refusal) {
            return Reply.refused(refusal.error());
        }
    }

    private Reply answer(RequestHead head, byte[] bytes) {
        Asked asked = Asked.read(bytes);
        Unsupported.refuse(asked.options());
        return switch (head.endpoint()) {
            case CHAT -> {
                ChatAnswer answer = new ChatAnswer(head, asked, tokens);
                yield reply(
                        head,
                        answer.complete(prompt(bytes)),
                        ChatFormat.open(model, head.wantsUsage()));
            }
            case COMPLETIONS -> {
                PromptAnswer answer = new PromptAnswer(head, asked, tokens);
                yield reply(
                        head,
                        answer.complete(prompt(bytes)),
                        TextFormat.open(model, head.wantsUsage()));
            }
            case EMBEDDINGS -> {
                byte[] answer = EmbeddingsAnswer.read(asked).write(model);
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
}
