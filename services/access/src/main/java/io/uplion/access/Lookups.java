// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Answer.Unavailable;
import io.uplion.store.key.KeyHash;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the database: one look-up per key at a time, all keys that wait in one question, a bounded
/// number of questions at once, each for a bounded time. What does not answer is *unavailable*.
///
/// Whoever makes up keys faster than the database answers makes the questions longer, not more.
/// Keys that were allowed before do not wait behind them.
final class Lookups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    /// Some milliseconds of the database's time.
    private static final int KEYS_AT_ONCE = 500;

    private final Function<Set<KeyHash>, Map<KeyHash, Answer>> database;
    private final Duration timeout;
    private final int bound;
    private final Semaphore turns;
    private final ConcurrentMap<KeyHash, CompletableFuture<Answer>> running =
            new ConcurrentHashMap<>();
    private final Queue<Lookup> known = new ConcurrentLinkedQueue<>();
    private final Queue<Lookup> others = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("access-lookup-", 0).factory());
    private final AtomicBoolean failing = new AtomicBoolean();

    private record Lookup(KeyHash hash, CompletableFuture<Answer> answer) {}

    /// @param database answers for each of the keys; blocks, and throws where it cannot be asked
    Lookups(AccessConfig config, Function<Set<KeyHash>, Map<KeyHash, Answer>> database) {
        this.database = database;
        this.timeout = config.lookupTimeout();
        this.bound = config.waiting();
        this.turns = new Semaphore(config.lookups());
    }

    /// Callers that ask for one key at the same time share one look-up.
    ///
    /// @param allowedLately comes before the others
    CompletionStage<Answer> find(KeyHash hash, boolean allowedLately) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> other = running.putIfAbsent(hash, mine);
        if (other != null) {
            return other.minimalCompletionStage();
        }
        CompletableFuture<Answer> work = new CompletableFuture<>();
        work.thenAccept(
                answer -> {
                    // First: who asks after this answer must get a new one, not this one again.
                    running.remove(hash, mine);
                    mine.complete(answer);
                });
        if (threads.isShutdown() || (running.size() > bound && !allowedLately)) {
            work.complete(new Unavailable());
        } else {
            work.completeOnTimeout(new Unavailable(), timeout.toMillis(), TimeUnit.MILLISECONDS);
            (allowedLately ? known : others).add(new Lookup(hash, work));
            ask();
        }
        return mine.minimalCompletionStage();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        running.values().forEach(lookup -> lookup.complete(new Unavailable()));
    }

    /// Asks what waits, if it may ask once more at the same time.
    private void ask() {
        if (!isAnyoneWaiting() || !turns.tryAcquire()) {
            return;
        }
        try {
            threads.execute(this::askInTurn);
        } catch (RejectedExecutionException _) {
            turns.release();
        }
    }

    private boolean isAnyoneWaiting() {
        return !known.isEmpty() || !others.isEmpty();
    }

    private void askInTurn() {
        Thread self = Thread.currentThread();
        CompletableFuture<Void> done = new CompletableFuture<>();
        // The interrupt frees the turn: a database that hangs must not keep all of them.
        done.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(
                        _ -> {
                            self.interrupt();
                            return null;
                        });
        try {
            ask(next());
        } finally {
            done.complete(null);
            turns.release();
            ask();
        }
    }

    private Map<KeyHash, Lookup> next() {
        Map<KeyHash, Lookup> next = new LinkedHashMap<>();
        while (next.size() < KEYS_AT_ONCE) {
            @Nullable Lookup known = this.known.poll();
            @Nullable Lookup lookup = known != null ? known : others.poll();
            if (lookup == null) {
                break;
            }
            // Who was answered already, since it took too long, is not asked for.
            if (!lookup.answer().isDone()) {
                next.put(lookup.hash(), lookup);
            }
        }
        return next;
    }

    private void ask(Map<KeyHash, Lookup> lookups) {
        if (lookups.isEmpty()) {
            return;
        }
        Map<KeyHash, Answer> answers = Map.of();
        try {
            answers = database.apply(lookups.keySet());
            answered();
        } catch (RuntimeException e) {
            // Not only KeyReads.Failed: whatever went wrong, nobody may be refused or let in by it.
            failed(e);
        }
        for (Lookup lookup : lookups.values()) {
            Answer answer = answers.get(lookup.hash());
            lookup.answer().complete(answer == null ? new Unavailable() : answer);
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
