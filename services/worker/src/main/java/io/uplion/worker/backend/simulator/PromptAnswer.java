// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.RequestHead;
import java.util.ArrayList;
import java.util.List;

/// What is said to a legacy prompt. Its default length is the simulator's and not OpenAI's 16
/// tokens, which nobody wants; `echo`, `suffix` and `best_of` are accepted and change nothing.
final class PromptAnswer {
    private static final int MOST_ECHOED = 64 << 10;

    private final RequestHead head;
    private final Asked asked;
    private final int tokens;

    PromptAnswer(RequestHead head, Asked asked, int tokens) {
        this.head = head;
        this.asked = asked;
        this.tokens = tokens;
    }

    /// @param textTokens of the prompts that are text
    Completion complete(long textTokens) {
        Limits limits = Limits.read(head, asked.options());
        List<Input> prompts = Inputs.read(asked, "prompt");
        if ((long) prompts.size() * head.n() > RequestHead.MAX_CHOICES) {
            throw Refusal.invalidValue(
                    "prompt",
                    "At most " + RequestHead.MAX_CHOICES + " choices can be asked for at once.");
        }
        List<Choice> choices = new ArrayList<>();
        long promptTokens = textTokens;
        long seed = asked.options().path("seed").asLong();
        for (Input prompt : prompts) {
            AnswerText text = AnswerText.toPrompt(prompt.beginning(), tokens);
            String echo = asked.options().path("echo").asBoolean() ? echo(prompt) : "";
            for (Choice.Text choice : text.choices(limits, seed, head.n())) {
                choices.add(choice.behind(echo));
            }
            promptTokens += prompt.ids();
        }
        return new Completion(choices, promptTokens);
    }

    private static String echo(Input prompt) {
        if (prompt.ids() > 0) {
            throw Refusal.invalidValue("echo", "The simulator can echo text, but no token ids.");
        }
        String text = prompt.beginning(MOST_ECHOED + 1);
        if (text.length() > MOST_ECHOED) {
            throw Refusal.invalidValue(
                    "echo", "The simulator echoes at most " + MOST_ECHOED + " characters.");
        }
        return text;
    }
}
