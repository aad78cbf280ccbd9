// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Looks for the ends of what others run, once for all who wait for the same here. Safe for all
/// threads.
final class Lookout {
    private static final long FIRST_MILLIS = 20;
    private static final long LONGEST_MILLIS = 500;

    /// A store may be away for a moment.
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final IdempotencyStore store;
    private final Function<Outcome, Held> hold;
    private final Map<Asked, Watch> watches = new ConcurrentHashMap<>();

    /// @param hold finds room for what the store has answered
    Lookout(Vertx vertx, IdempotencyStore store, Function<Outcome, Held> hold) {
        this.vertx = vertx;
        this.store = store;
        this.hold = hold;
    }

    private static final class Watch {
        private final List<Consumer<Heard>> listeners = new CopyOnWriteArrayList<>();
        private long pause = FIRST_MILLIS;
        private long awaySince;

        private long nextPause() {
            long now = pause;
            pause = Math.min(LONGEST_MILLIS, pause * 3 / 2);
            return now;
        }

        /// Whether nothing was heard of the store for too long.
        private boolean isAway(long now) {
            awaySince = awaySince == 0 ? now : awaySince;
            return now - awaySince > AWAY_NANOS;
        }
    }

    /// @param listener hears once, on any thread
    /// @return stops it
    Runnable watch(Asked asked, Consumer<Heard> listener) {
        watches.compute(
                asked,
                (_, known) -> {
                    Watch watch = known == null ? begin(asked) : known;
                    watch.listeners.add(listener);
                    return watch;
                });
        return () ->
                watches.computeIfPresent(
                        asked,
                        (_, watch) -> {
                            watch.listeners.remove(listener);
                            return watch.listeners.isEmpty() ? null : watch;
                        });
    }

    private Watch begin(Asked asked) {
        Watch watch = new Watch();
        lookLater(asked, watch);
        return watch;
    }

    private void lookLater(Asked asked, Watch watch) {
        vertx.setTimer(watch.nextPause(), _ -> look(asked, watch));
    }

    private void look(Asked asked, Watch watch) {
        if (watches.get(asked) == watch) {
            store.look(asked).thenAccept(seen -> seen(asked, watch, seen));
        }
    }

    private void seen(Asked asked, Watch watch, Seen seen) {
        switch (seen) {
            case Seen.Running() -> {
                watch.awaySince = 0;
                lookLater(asked, watch);
            }
            case Seen.Ended(Outcome outcome) -> {
                Held held = hold.apply(outcome);
                tell(asked, held);
                held.release();
            }
            case Seen.Gone() -> tell(asked, Heard.Gone::new);
            case Seen.Unknown _ -> {
                if (watch.isAway(System.nanoTime())) {
                    tell(asked, Heard.Unknown::new);
                } else {
                    lookLater(asked, watch);
                }
            }
        }
    }

    /// What was run here has ended.
    void tell(Asked asked, Held held) {
        tell(asked, () -> new Heard.Told(held.share()));
    }

    private void tell(Asked asked, Supplier<Heard> heard) {
        Watch watch = watches.remove(asked);
        if (watch != null) {
            watch.listeners.forEach(listener -> listener.accept(heard.get()));
        }
    }
}
