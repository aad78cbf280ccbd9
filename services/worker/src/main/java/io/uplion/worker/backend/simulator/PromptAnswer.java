// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.RequestHead;
import java.util.ArrayList;
import java.util.List;

/// What is said to a legacy prompt. Its default length is the simulator's and not OpenAI's 16
/// tokens, which nobody wants; `echo`, `suffix` and `best_of` are accepted and change nothing.
final class PromptAnswer {
    private final RequestHead head;
    private final JsonNode body;
    private final int tokens;

    PromptAnswer(RequestHead head, JsonNode body, int tokens) {
        this.head = head;
        this.body = body;
        this.tokens = tokens;
    }

    /// @param textTokens of the prompts that are text
    Completion complete(long textTokens) {
        Limits limits = Limits.read(head, body);
        List<Inputs.Input> prompts = Inputs.read("prompt", body.path("prompt"));
        if ((long) prompts.size() * head.n() > RequestHead.MAX_CHOICES) {
            throw Refusal.invalidValue(
                    "prompt",
                    "At most " + RequestHead.MAX_CHOICES + " choices can be asked for at once.");
        }
        List<Choice> choices = new ArrayList<>();
        long promptTokens = textTokens;
        for (Inputs.Input prompt : prompts) {
            AnswerText text = AnswerText.toPrompt(prompt.text(), tokens);
            choices.addAll(text.choices(limits, body.path("seed").asLong(), head.n()));
            promptTokens += prompt.ids();
        }
        return new Completion(choices, promptTokens);
    }
}
