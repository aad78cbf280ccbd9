// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps callers away from a store that is in trouble. The first trouble opens it; then the store
/// is tried aside, at first soon and never less often than about once a second, until it answers.
/// No caller pays for a try.
final class Breaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /// A short hiccup is over soon.
    private static final Duration FIRST = Duration.ofMillis(50);

    private static final Duration LONGEST = Duration.ofMillis(800);

    private final String place;
    private final Supplier<CompletionStage<?>> probe;
    private final List<Runnable> whenBack = new CopyOnWriteArrayList<>();
    private final AtomicBoolean open = new AtomicBoolean();
    private volatile boolean closed;

    /// @param probe asks the store something, and ends in time
    Breaker(String place, Supplier<CompletionStage<?>> probe) {
        this.place = place;
        this.probe = probe;
    }

    boolean isOpen() {
        return open.get();
    }

    void whenBack(Runnable action) {
        whenBack.add(action);
    }

    /// A call has failed because of the store.
    void trouble(Throwable e) {
        if (!closed && open.compareAndSet(false, true)) {
            LOG.atWarn().addKeyValue("store", place).log("{} is away: {}", place, e.getMessage());
            probeAfter(FIRST);
        }
    }

    private void probeAfter(Duration pause) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> probe(pause));
    }

    private void probe(Duration pause) {
        if (closed) {
            return;
        }
        probe.get()
                .whenComplete(
                        (_, e) -> {
                            if (e == null) {
                                back();
                            } else {
                                Duration longer = pause.multipliedBy(2);
                                probeAfter(longer.compareTo(LONGEST) > 0 ? LONGEST : longer);
                            }
                        });
    }

    private void back() {
        open.set(false);
        LOG.atInfo().addKeyValue("store", place).log("{} is back", place);
        whenBack.forEach(Runnable::run);
    }

    @Override
    public void close() {
        closed = true;
    }
}
