// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.gateway.metrics.GatewayMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this gateway runs under keys, and who waits here for what others run. Safe for all threads.
public final class Executions {
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    /// An end that the store does not take is told it so often.
    private static final int TRIES = 6;

    private final IdempotencyStore store;
    private final AnswerMemory memory;
    private final Lookout lookout;
    private final GatewayMetrics metrics;
    private final Map<UUID, Life> lives = new ConcurrentHashMap<>();
    private final Set<Duplicate> duplicates = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ending = new AtomicInteger();

    /// @param memoryBytes for all answers that are recorded or replayed at one time
    public Executions(
            Vertx vertx, IdempotencyStore store, long memoryBytes, GatewayMetrics metrics) {
        this.store = store;
        this.memory = new AnswerMemory(memoryBytes);
        this.lookout = new Lookout(vertx, store, this::hold);
        this.metrics = metrics;
        metrics.answerBytes(memory::held);
        metrics.duplicates(duplicates::size);
    }

    /// One execution, until the store knows its end.
    private static final class Life {
        private final Claim claim;
        private final AtomicInteger tries = new AtomicInteger();
        private volatile @Nullable Held end;

        private Life(Claim claim) {
            this.claim = claim;
        }
    }

    CompletionStage<Claimed> claim(Claim claim) {
        return store.claim(claim);
    }

    /// The claim is ours.
    Execution begin(Claim claim, String request, ContextInternal loop) {
        lives.put(claim.token(), new Life(claim));
        return new Execution(claim, request, loop, this);
    }

    /// A claim of which nobody knows what became: it frees itself, sooner if it can be told so.
    void giveUp(Claim claim) {
        store.end(claim, new Outcome.Failed(KeyErrors.unavailable()));
    }

    /// @param held has one user, whoever calls, and passes on to here
    /// @param then on any thread, once the store knows, or does not answer
    void end(Claim claim, Held held, Runnable then) {
        Life life = lives.computeIfAbsent(claim.token(), _ -> new Life(claim));
        life.end = held.share();
        ending.incrementAndGet();
        end(life, held)
                .whenComplete(
                        (_, _) -> {
                            lookout.tell(claim.asked(), held);
                            held.release();
                            then.run();
                            ending.decrementAndGet();
                        });
    }

    private CompletionStage<Void> end(Life life, Held held) {
        return store.end(life.claim, held.outcome())
                .thenAccept(
                        noted -> {
                            switch (noted) {
                                case IdempotencyStore.Noted.Done() -> forget(life, held);
                                case IdempotencyStore.Noted.Unknown(String why) ->
                                        again(life, held, why);
                            }
                        });
    }

    private void forget(Life life, Held held) {
        if (lives.remove(life.claim.token(), life)) {
            held.release();
        }
    }

    private void again(Life life, Held held, String why) {
        if (life.tries.incrementAndGet() >= TRIES) {
            LOG.atWarn().log("the end of a request with a key is not kept: {}", why);
            forget(life, held);
        }
    }

    /// Keeps what runs for another lease. To be called every [IdempotencyStore.Times#renewal].
    public void renew() {
        for (Life life : lives.values()) {
            Held end = life.end;
            if (end == null) {
                store.renew(life.claim);
            } else {
                end(life, end);
            }
        }
    }

    /// Somebody waits for what others run.
    ///
    /// @param listener hears once, on any thread
    /// @return stops it
    Runnable watch(Asked asked, Consumer<Heard> listener) {
        return lookout.watch(asked, listener);
    }

    /// Has one user, whoever asks. Where there is no room it says so instead.
    Held hold(Outcome outcome) {
        long bytes = outcome.bytes();
        return memory.take(bytes)
                ? new Held(outcome, () -> memory.giveBack(bytes))
                : new Held(new Outcome.Failed(KeyErrors.overloaded()), () -> {});
    }

    AnswerMemory memory() {
        return memory;
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    void add(Duplicate duplicate) {
        duplicates.add(duplicate);
    }

    void remove(Duplicate duplicate) {
        duplicates.remove(duplicate);
    }

    /// Clients that wait for others' answers, or are told them, and ends that are on their way.
    public int open() {
        return duplicates.size() + ending.get();
    }

    /// Tells everybody who waits that the gateway goes down.
    public void shutDown() {
        duplicates.forEach(Duplicate::shutDown);
    }
}
