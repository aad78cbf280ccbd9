// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.counters.rate.Bucket;
import io.uplion.counters.rate.RateLimits;
import io.uplion.counters.rate.Standing;
import io.uplion.counters.rate.Taken;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/// What every request passes: who asks, and whether it is not too often. The same behind Envoy,
/// without a mesh, and in one process.
public final class Entrance {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Function<Question, CompletionStage<Decision>> access;
    private final RateLimits rates;

    public Entrance(Access access, RateLimits rates) {
        this(access::decide, rates);
    }

    /// @param access says who asks; never fails
    Entrance(Function<Question, CompletionStage<Decision>> access, RateLimits rates) {
        this.access = access;
        this.rates = rates;
    }

    public sealed interface Entry {}

    /// @param requests how it stands with the limit that will be met first, where there is one
    public record Admitted(Principal principal, Optional<Standing> requests) implements Entry {}

    public record Refused(OpenAiError error, Optional<Standing> requests) implements Entry {
        static Refused of(OpenAiError error) {
            return new Refused(error, Optional.empty());
        }
    }

    /// Never fails, and never blocks.
    public CompletionStage<Entry> enter(Question question) {
        return access.apply(question).thenCompose(this::counted);
    }

    private CompletionStage<Entry> counted(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(Principal principal) -> counted(principal);
            case Decision.Denied denied -> done(Refused.of(Refusals.of(denied)));
            case Decision.Unavailable() -> done(Refused.of(Refusals.unavailable()));
        };
    }

    private CompletionStage<Entry> counted(Principal principal) {
        List<Bucket> buckets = principal.limited().stream().flatMap(Entrance::bucket).toList();
        if (buckets.isEmpty()) {
            return done(new Admitted(principal, Optional.empty()));
        }
        return rates.take(principal.account(), buckets)
                .thenApply(
                        taken ->
                                switch (taken) {
                                    case Taken.Let let -> new Admitted(principal, let.tightest());
                                    case Taken.Refused refused -> tooOften(refused);
                                    case Taken.Unknown _ -> Refused.of(unknown());
                                });
    }

    /// After a rest a whole minute's requests may come at once.
    private static Stream<Bucket> bucket(Limited limited) {
        return limited.limits().rpm().stream()
                .map(rpm -> new Bucket(limited.subject().toString(), rpm, rpm));
    }

    private static Refused tooOften(Taken.Refused refused) {
        String name = refused.standing().name();
        String whose = name.substring(0, Math.max(0, name.indexOf(':')));
        long limit = refused.standing().limit();
        OpenAiError error =
                ErrorCode.REQUESTS_LIMITED
                        .error("This " + whose + " may make " + limit + " requests a minute.")
                        .retryAfter(refused.retryAfter());
        return new Refused(error, Optional.of(refused.standing()));
    }

    private static OpenAiError unknown() {
        return ErrorCode.LIMITS_UNAVAILABLE
                .error("The limits cannot be checked now; try again shortly.")
                .retryAfter(SOON);
    }

    private static CompletionStage<Entry> done(Entry entry) {
        return CompletableFuture.completedStage(entry);
    }
}
