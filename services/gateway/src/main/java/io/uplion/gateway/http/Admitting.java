// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.reserve.Ask;
import io.uplion.gateway.admission.Admission;
import io.uplion.gateway.allowance.Estimates;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.claim.Terms;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Looks at a request's body: whether it can be done, and what it needs.
final class Admitting {
    private final Admission admission;
    private final Claims claims;

    Admitting(Admission admission, Claims claims) {
        this.admission = admission;
        this.claims = claims;
    }

    /// @param ask what the task needs of limits
    /// @param terms what it will be billed by
    record Shown(Admission.Result result, Optional<Ask> ask, Terms terms) {}

    /// @param timeout the header `x-uplion-timeout` as it came
    Shown of(Asked asked, byte[] body, @Nullable String timeout) {
        Terms terms = claims.terms(Task.acceptedAt(asked.id()));
        Admission.Result result =
                admission.admit(asked.principal(), asked.endpoint(), body, timeout);
        return switch (result) {
            case Admission.Refused _ -> new Shown(result, Optional.empty(), terms);
            case Admission.Admitted(RequestHead head, ServedModel model, Duration _) ->
                    admitted(
                            result,
                            new Estimates.Request(asked.id(), asked.principal(), head, model, body),
                            terms);
        };
    }

    private static Shown admitted(Admission.Result result, Estimates.Request request, Terms terms) {
        return switch (Estimates.of(request, terms)) {
            case Estimates.Needs(Optional<Ask> ask, OptionalLong cap) ->
                    new Shown(result, ask, terms.withCap(cap));
            case Estimates.Unbounded(OpenAiError error) ->
                    new Shown(
                            new Admission.Refused(error, request.model().model()),
                            Optional.empty(),
                            terms);
        };
    }
}
