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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for what tasks need before they are queued, and keeps it for them while they run. Safe for
/// all threads.
public final class Allowances {
    private static final Logger LOG = LoggerFactory.getLogger(Allowances.class);
    private static final int OPENING_TRIES = 5;

    private static final Executor OPENING =
            CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS);

    private final Reservations reservations;
    private final Consumer<Set<UUID>> released;
    private final Settlements settlements;
    private final Map<UUID, Ask> running = new ConcurrentHashMap<>();

    /// @param released is told which running tasks hold nothing any more, and must not go on
    public Allowances(Reservations reservations, Consumer<Set<UUID>> released) {
        this.reservations = reservations;
        this.released = released;
        this.settlements = new Settlements(reservations, System::nanoTime);
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
        return reserve(ask, OPENING_TRIES).thenApply(reserved -> answer(ask, reserved));
    }

    /// A budget that was just set is opened within a moment, and a new key works at once.
    private CompletionStage<Reserved> reserve(Ask ask, int triesLeft) {
        return reservations
                .reserve(ask)
                .thenCompose(
                        reserved ->
                                reserved instanceof Reserved.Unopened && triesLeft > 0
                                        ? CompletableFuture.supplyAsync(
                                                        () -> reserve(ask, triesLeft - 1), OPENING)
                                                .thenCompose(again -> again)
                                        : CompletableFuture.completedFuture(reserved));
    }

    private Answer answer(Ask ask, Reserved reserved) {
        return switch (reserved) {
            case Reserved.Held held -> {
                // Not before: a renewal would hold what was refused.
                running.put(ask.task(), ask);
                yield new Allowed(new Allowance(ask, this::settle), held.tightest());
            }
            case Reserved.Refused refused ->
                    new Refused(LimitWords.refused(refused, ask), refused.tokens());
            case Reserved.TooLarge tooLarge ->
                    new Refused(LimitWords.tooLarge(tooLarge, ask), Optional.empty());
            case Reserved.Unopened _ -> new Refused(LimitWords.unopened(), Optional.empty());
            case Reserved.Over() -> new Refused(LimitWords.over(), Optional.empty());
            case Reserved.Unknown(String why) -> {
                // It may be held all the same: then it frees itself, sooner if it can be told so.
                reservations.settle(ask, Used.NOTHING);
                LOG.atDebug().addKeyValue("task", ask.task()).log("limits are unknown: {}", why);
                yield new Refused(LimitWords.unknown(), Optional.empty());
            }
        };
    }

    private void settle(Ask ask, Used used) {
        running.remove(ask.task());
        settlements.settle(ask, used);
    }

    /// Keeps what runs for another lease. To be called every [Reservations#RENEWAL], and when a
    /// store is back that was away.
    public void renew() {
        settlements.again();
        List<Ask> asks = List.copyOf(running.values());
        if (asks.isEmpty()) {
            return;
        }
        reservations.renew(asks).thenAccept(this::renewed);
    }

    private void renewed(Renewed renewed) {
        switch (renewed) {
            case Renewed.Done(Set<UUID> over) -> {
                // One that has just ended here is over in the store by our own word.
                Set<UUID> lost =
                        over.stream()
                                .filter(task -> running.remove(task) != null)
                                .collect(Collectors.toSet());
                if (!lost.isEmpty()) {
                    LOG.atWarn().log("{} running tasks were given up by billing", lost.size());
                    released.accept(lost);
                }
            }
            case Renewed.Unknown(String why) ->
                    LOG.atWarn().log("what runs could not be renewed: {}", why);
        }
    }

    /// Waits until the store has taken note of what has ended. Blocks.
    ///
    /// @return whether it has
    public boolean flush(Duration patience) {
        return settlements.flush(patience);
    }

    /// How many tasks hold something.
    int held() {
        return running.size();
    }
}
