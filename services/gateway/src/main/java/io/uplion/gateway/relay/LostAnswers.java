// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.openai.TokenUsage;
import io.uplion.queue.UsageQueue;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers that did not come to their end after they had begun: their worker was lost or their
/// client left. The worker reports what was used, if it still can; a while later the gateway
/// reports the answer too, so that none is unaccounted for. The first record of a task counts.
final class LostAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(LostAnswers.class);

    /// What a client that left has to pay its worker knows best.
    private static final Duration CANCELLED_FIRST = Duration.ofSeconds(30);

    /// A broken answer costs nothing, whoever says so. A worker that lives says it at once; one
    /// that does not should not be waited for until this gateway may be gone as well.
    private static final Duration BROKEN_FIRST = Duration.ofSeconds(2);

    private static final Duration LAST_WORD = Duration.ofSeconds(3);

    private final UsageQueue usage;
    private final Clock clock;
    private final Map<UUID, UsageRecord> pending = new ConcurrentHashMap<>();

    LostAnswers(UsageQueue usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    /// @param seen what was used as far as the gateway knows
    /// @param ran since the grant
    record Begun(Claim claim, Outcome outcome, TokenUsage seen, Duration ran) {}

    void add(Vertx vertx, Begun begun) {
        Claim claim = begun.claim();
        Outcome outcome = begun.outcome();
        UsageRecord known =
                new UsageRecord(
                        claim,
                        outcome,
                        Source.PARTIAL,
                        begun.seen(),
                        200,
                        clock.instant(),
                        new Timing(Duration.ZERO, begun.ran()));
        pending.put(claim.task(), known);
        Duration workerFirst = outcome == Outcome.BROKEN ? BROKEN_FIRST : CANCELLED_FIRST;
        vertx.setTimer(workerFirst.toMillis(), _ -> report(claim.task()));
    }

    private CompletableFuture<Void> report(UUID task) {
        UsageRecord known = pending.remove(task);
        if (known == null) {
            return CompletableFuture.completedFuture(null);
        }
        return usage.publish(known)
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                LOG.atError()
                                        .setCause(failure)
                                        .addKeyValue("task", task)
                                        .log(
                                                "an answer without its end could not be"
                                                        + " accounted for");
                            }
                        })
                .toCompletableFuture();
    }

    /// The gateway stops: there will be no later.
    void reportNow() {
        CompletableFuture<?>[] reports =
                pending.keySet().stream().map(this::report).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(reports)
                .completeOnTimeout(null, LAST_WORD.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> null)
                .join();
    }
}
