// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Budget;
import io.uplion.counters.reserve.Subject;
import io.uplion.gateway.claim.Terms;
import io.uplion.openai.Endpoint;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenEstimate;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.task.Task;
import java.time.Instant;
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

    /// @param model as it is at acceptance
    /// @param body the bytes of the request
    public record Request(
            UUID task, Principal principal, RequestHead head, ServedModel model, byte[] body) {}

    public sealed interface Estimate {}

    /// @param ask nothing where nobody who asks has a limit that a running task counts for
    /// @param cap the most that it is charged, where somebody has a budget
    public record Needs(Optional<Ask> ask, OptionalLong cap) implements Estimate {}

    /// Somebody has a budget, and nobody knows what the request may cost.
    public record Unbounded(OpenAiError error) implements Estimate {}

    public static Estimate of(Request request, Terms terms) {
        List<Limited> limited = request.principal().limited();
        if (limited.stream().noneMatch(one -> one.limits().budget().isPresent())) {
            return new Needs(ask(request, 0), OptionalLong.empty());
        }
        OptionalLong most =
                CostBound.of(request.head(), request.model(), request.body(), terms::price);
        return most.isPresent()
                ? new Needs(ask(request, most.getAsLong()), most)
                : new Unbounded(unbounded(request.head()));
    }

    private static Optional<Ask> ask(Request request, long nanos) {
        Instant accepted = Task.acceptedAt(request.task());
        List<Subject> subjects =
                request.principal().limited().stream()
                        .map(limited -> subject(limited, nanos > 0, accepted))
                        .filter(Estimates::isHeld)
                        .toList();
        if (subjects.isEmpty()) {
            return Optional.empty();
        }
        boolean counted =
                subjects.stream().anyMatch(subject -> subject.tokensPerMinute().isPresent());
        long tokens = counted ? tokens(request.head(), request.model(), request.body()) : 0;
        UUID account = request.principal().account();
        return Optional.of(new Ask(request.task(), account, subjects, tokens, nanos));
    }

    private static boolean isHeld(Subject subject) {
        return subject.tokensPerMinute().isPresent()
                || subject.tasksAtOnce().isPresent()
                || subject.budget().isPresent();
    }

    /// @param costs what costs nothing needs no budget: also one that is spent, or that nobody
    ///   knows
    private static Subject subject(Limited limited, boolean costs, Instant accepted) {
        Limits limits = limited.limits();
        return new Subject(
                limited.subject().toString(),
                limits.tpm().map(OptionalLong::of).orElse(OptionalLong.empty()),
                limits.concurrent().map(most -> OptionalLong.of(most)).orElse(OptionalLong.empty()),
                limits.budget().filter(_ -> costs).map(budget -> Budget.of(budget, accepted)));
    }

    /// Prompt and output. A bound that the client sets counts as it stands.
    private static long tokens(RequestHead head, ServedModel model, byte[] body) {
        long prompt = TokenEstimate.ofPrompt(body);
        if (head.endpoint() == Endpoint.EMBEDDINGS) {
            return prompt;
        }
        long output = head.maxTokens().orElse(Math.min(USUAL_OUTPUT, most(model)));
        // As many as the largest number of choices times the largest bound: no overflow.
        return Math.min(
                Subject.MOST_TOKENS, prompt + Math.min(output, 1L << 40) * head.choicesMade());
    }

    private static long most(ServedModel model) {
        return model.pools().stream()
                .mapToInt(pool -> pool.manifest().limits().outputTokens())
                .filter(known -> known > 0)
                .max()
                .orElse(Integer.MAX_VALUE);
    }

    private static OpenAiError unbounded(RequestHead head) {
        String field = head.endpoint() == Endpoint.CHAT ? "max_completion_tokens" : "max_tokens";
        return ErrorCode.MISSING_PARAMETER.error(
                "Nobody knows how long an answer of the model '"
                        + head.model()
                        + "' may be, so nobody knows whether the budget allows it: set '"
                        + field
                        + "'.",
                field);
    }
}
