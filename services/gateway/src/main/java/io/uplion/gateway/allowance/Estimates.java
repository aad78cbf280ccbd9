// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Subject;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenEstimate;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What a request will use, as far as one can tell before it runs.
public final class Estimates {
    /// For a request that sets no bound and a model that has none, or a high one. More would keep
    /// others waiting for tokens that hardly any answer uses; what is used beyond it is counted.
    private static final long USUAL_OUTPUT = 1000;

    private Estimates() {}

    /// @return nothing where nobody who asks has a limit that a running task counts for
    public static Optional<Ask> of(
            UUID task, Principal principal, RequestHead head, ServedModel model, byte[] body) {
        List<Subject> subjects =
                principal.limited().stream()
                        .filter(Estimates::isHeld)
                        .map(Estimates::subject)
                        .toList();
        if (subjects.isEmpty()) {
            return Optional.empty();
        }
        boolean counted =
                subjects.stream().anyMatch(subject -> subject.tokensPerMinute().isPresent());
        long tokens = counted ? tokens(head, model, body) : 0;
        return Optional.of(new Ask(task, principal.account(), subjects, tokens, 0));
    }

    private static boolean isHeld(Limited limited) {
        return limited.limits().tpm().isPresent() || limited.limits().concurrent().isPresent();
    }

    private static Subject subject(Limited limited) {
        return new Subject(
                limited.subject().toString(),
                limited.limits().tpm().map(OptionalLong::of).orElse(OptionalLong.empty()),
                limited.limits()
                        .concurrent()
                        .map(most -> OptionalLong.of(most))
                        .orElse(OptionalLong.empty()),
                Optional.empty());
    }

    /// Prompt and output. A bound that the client sets counts as it stands.
    private static long tokens(RequestHead head, ServedModel model, byte[] body) {
        long prompt = TokenEstimate.ofPrompt(body);
        if (head.endpoint() == Endpoint.EMBEDDINGS) {
            return prompt;
        }
        long output = head.maxTokens().orElse(Math.min(USUAL_OUTPUT, most(model)));
        // As many as the largest number of choices times the largest bound: no overflow.
        return Math.min(Subject.MOST_TOKENS, prompt + Math.min(output, 1L << 40) * head.choices());
    }

    private static long most(ServedModel model) {
        return model.pools().stream()
                .mapToInt(pool -> pool.manifest().limits().outputTokens())
                .filter(known -> known > 0)
                .max()
                .orElse(Integer.MAX_VALUE);
    }
}
