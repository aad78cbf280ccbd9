// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Decision.Unavailable;
import io.uplion.store.key.KeyHash;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the database: one look-up per key at a time, a bounded number at once, each for a bounded
/// time. What does not fit or does not answer is *unavailable*.
final class Lookups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    private final KeyReads reads;
    private final Duration timeout;
    private final int bound;
    private final Semaphore turns;
    private final ConcurrentMap<KeyHash, CompletableFuture<Decision>> running =
            new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("access-lookup-", 0).factory());
    private final AtomicBoolean failing = new AtomicBoolean();

    Lookups(AccessConfig config, KeyReads reads) {
        this.reads = reads;
        this.timeout = config.lookupTimeout();
        this.bound = config.waiting();
        this.turns = new Semaphore(config.lookups());
    }

    /// Callers that ask for one key at the same time share one look-up.
    CompletionStage<Decision> find(KeyHash hash, BiFunction<KeyHash, KeyReads, Decision> ask) {
        CompletableFuture<Decision> mine = new CompletableFuture<>();
        CompletableFuture<Decision> other = running.putIfAbsent(hash, mine);
        if (other != null) {
            return other.minimalCompletionStage();
        }
        CompletableFuture<Decision> work = new CompletableFuture<>();
        work.thenAccept(
                decision -> {
                    // First: who asks after this answer must get a new one, not this one again.
                    running.remove(hash, mine);
                    mine.complete(decision);
                });
        if (running.size() > bound) {
            work.complete(new Unavailable());
        } else {
            begin(hash, ask, work);
        }
        return mine.minimalCompletionStage();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        running.values().forEach(lookup -> lookup.complete(new Unavailable()));
    }

    private void begin(
            KeyHash hash,
            BiFunction<KeyHash, KeyReads, Decision> ask,
            CompletableFuture<Decision> result) {
        try {
            Future<?> thread = threads.submit(() -> result.complete(askInTurn(hash, ask)));
            // The interrupt frees the turn: a database that hangs must not keep all of them.
            result.completeOnTimeout(new Unavailable(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((_, _) -> thread.cancel(true));
        } catch (RejectedExecutionException _) {
            result.complete(new Unavailable());
        }
    }

    private Decision askInTurn(KeyHash hash, BiFunction<KeyHash, KeyReads, Decision> ask) {
        try {
            turns.acquire();
        } catch (InterruptedException _) {
            return new Unavailable();
        }
        try {
            Decision decision = ask.apply(hash, reads);
            answered();
            return decision;
        } catch (RuntimeException e) {
            // Not only KeyReads.Failed: whatever went wrong, nobody may be refused or let in by it.
            failed(e);
            return new Unavailable();
        } finally {
            turns.release();
        }
    }

    /// Once per outage, not once per request.
    private void failed(RuntimeException failure) {
        if (!failing.getAndSet(true)) {
            LOG.warn("keys cannot be looked up; requests with unseen keys get 503", failure);
        }
    }

    private void answered() {
        if (failing.getAndSet(false)) {
            LOG.info("keys can be looked up again");
        }
    }
}
