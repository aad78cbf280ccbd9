// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.rate.Standing;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Renewed;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Used;
import io.uplion.openai.OpenAiError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for what tasks need before they are queued, and keeps it for them while they run. Safe for
/// all threads.
public final class Allowances {
    private static final Logger LOG = LoggerFactory.getLogger(Allowances.class);

    private final Reservations reservations;
    private final Map<UUID, Ask> running = new ConcurrentHashMap<>();

    public Allowances(Reservations reservations) {
        this.reservations = reservations;
    }

    /// What became of a request.
    public sealed interface Answer {}

    /// @param tokens how it stands with the tightest limit of tokens, where there is one
    public record Allowed(Allowance allowance, Optional<Standing> tokens) implements Answer {}

    public record Refused(OpenAiError error, Optional<Standing> tokens) implements Answer {}

    private static final CompletionStage<Answer> UNLIMITED =
            CompletableFuture.completedFuture(new Allowed(Allowance.UNLIMITED, Optional.empty()));

    /// Never fails. Already complete where nobody has a limit, or where limits are in this process;
    /// else it completes on a thread that must not be blocked.
    ///
    /// @param asked nothing where nobody has a limit
    public CompletionStage<Answer> ask(Optional<Ask> asked) {
        if (asked.isEmpty()) {
            return UNLIMITED;
        }
        Ask ask = asked.get();
        // Before it is held: a renewal must not miss it.
        running.put(ask.task(), ask);
        return reservations.reserve(ask).thenApply(reserved -> answer(ask, reserved));
    }

    private Answer answer(Ask ask, Reserved reserved) {
        if (!(reserved instanceof Reserved.Held)) {
            running.remove(ask.task());
        }
        return switch (reserved) {
            case Reserved.Held held ->
                    new Allowed(new Allowance(ask, this::settle), held.tightest());
            case Reserved.Refused refused ->
                    new Refused(LimitWords.refused(refused), refused.tokens());
            case Reserved.TooLarge tooLarge ->
                    new Refused(LimitWords.tooLarge(tooLarge, ask.tokens()), Optional.empty());
            case Reserved.Unopened _ -> new Refused(LimitWords.unknown(), Optional.empty());
            case Reserved.Over() -> new Refused(LimitWords.over(), Optional.empty());
            case Reserved.Unknown(String why) -> {
                // It may be held all the same: then it frees itself, sooner if it can be told so.
                settle(ask, 0);
                LOG.atDebug().addKeyValue("task", ask.task()).log("limits are unknown: {}", why);
                yield new Refused(LimitWords.unknown(), Optional.empty());
            }
        };
    }

    private void settle(Ask ask, long tokens) {
        running.remove(ask.task());
        reservations.settle(ask, new Used(tokens, 0));
    }

    /// Keeps what runs for another lease. To be called every [Reservations#RENEWAL].
    public void renew() {
        List<Ask> asks = List.copyOf(running.values());
        if (asks.isEmpty()) {
            return;
        }
        reservations.renew(asks).thenAccept(this::renewed);
    }

    private void renewed(Renewed renewed) {
        switch (renewed) {
            case Renewed.Done(var over) -> over.forEach(running::remove);
            case Renewed.Unknown(String why) ->
                    LOG.atWarn().log("what runs could not be renewed: {}", why);
        }
    }

    /// How many tasks hold something.
    int held() {
        return running.size();
    }
}
