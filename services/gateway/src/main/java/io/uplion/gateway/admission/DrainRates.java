// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast each model's queue empties, so that a Retry-After holds: tasks that left the queue in
/// the last half minute, in ten buckets.
///
/// Those who are refused are told different times, one place each: all of them coming at the moment
/// when the first place is free would find it taken. Gateways that share a queue do not promise the
/// same place either: each has its share of them.
public final class DrainRates {
    private static final int BUCKETS = 10;
    private static final long BUCKET_NANOS = Duration.ofSeconds(3).toNanos();
    private static final double NANOS = 1e9;
    private static final Duration LEAST = Duration.ofSeconds(1);

    /// Tasks end in lumps, and a client that comes a moment early is refused again.
    private static final Duration MARGIN = Duration.ofMillis(500);

    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    /// Nobody is told to come later. Who would have to is promised nothing.
    static final Duration LONGEST = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final SharedRate shared;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    /// What all gateways together know of a model's speed, and what of it is this one's.
    @FunctionalInterface
    public interface SharedRate {
        /// Its speed is 0 where nobody knows, or nothing has left lately.
        Share of(String model);
    }

    /// @param shared wins over what this gateway has seen itself, where anything has left
    public DrainRates(LongSupplier nanoTime, SharedRate shared) {
        this.nanoTime = nanoTime;
        this.shared = shared;
    }

    /// A task of the model has left the queue.
    public void left(String model) {
        window(model).count(nanoTime.getAsLong());
    }

    private Window window(String model) {
        Window window = windows.get(model);
        return window != null
                ? window
                : windows.computeIfAbsent(model, _ -> new Window(nanoTime.getAsLong()));
    }

    /// When one who is refused now should come again: fewer than `limit` tasks wait then, at the
    /// speed of the last half minute, and nobody else was told the same place.
    public Duration untilFewer(String model, int waiting, int limit) {
        long now = nanoTime.getAsLong();
        Window window = window(model);
        return until(now, window, share(model, window, now), waiting - limit + 1);
    }

    /// When one who has waited in vain should come again: no more wait then than are served within
    /// such a wait.
    ///
    /// @param waiting without the one who asks
    public Duration untilInTime(String model, int waiting, Duration wait) {
        long now = nanoTime.getAsLong();
        Window window = window(model);
        Share share = share(model, window, now);
        if (share.perSecond() <= 0) {
            return clamp(max(Duration.ofNanos(window.silence(now)), wait), UNKNOWN);
        }
        long inTime = (long) (share.perSecond() * wait.toMillis() / 1000);
        return until(now, window, share, (int) Math.max(1, waiting - inTime + 1));
    }

    /// What this gateway has seen itself are its own clients' places, and its own to promise. What
    /// it knows of the queue is as old all the same.
    private Share share(String model, Window window, long now) {
        Share share = shared.of(model);
        return share.perSecond() > 0
                ? share
                : new Share(window.perSecond(now), 1, 0, share.behind());
    }

    /// @param leaving tasks that must leave first, at least one
    private static Duration until(long now, Window window, Share share, int leaving) {
        int needed = Math.max(1, leaving);
        if (share.perSecond() <= 0) {
            // Nothing has left for a while: it will take at least as long again.
            Duration silence = Duration.ofNanos(window.silence(now)).multipliedBy(needed);
            return clamp(silence, UNKNOWN);
        }
        double each = NANOS / share.perSecond();
        long first = (long) ((needed + share.place()) * each);
        long wait = window.turn(now, first, share.gateways() * each);
        Duration seen = MARGIN.plus(share.behind());
        return clamp(Duration.ofNanos(wait + wait / 10).plus(seen), LEAST);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration clamp(Duration wait, Duration least) {
        Duration atLeast = wait.compareTo(least) < 0 ? least : wait;
        return atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast;
    }

    /// Forgets a model that is gone.
    public void forget(String model) {
        windows.remove(model);
    }

    private static final class Window {
        private final long start;
        private final long[] counts = new long[BUCKETS];
        private long bucket;
        private long lastLeft;
        private long lastTurn;

        Window(long now) {
            this.start = now;
            this.lastLeft = now;
            this.lastTurn = now;
        }

        synchronized void count(long now) {
            lastLeft = now;
            advance(now);
            counts[(int) (bucket % BUCKETS)]++;
        }

        synchronized double perSecond(long now) {
            advance(now);
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            // A few tasks in the first moment say little: better slow than too early.
            long nanos = Math.clamp(now - start, BUCKET_NANOS, BUCKETS * BUCKET_NANOS);
            return sum * NANOS / nanos;
        }

        /// Since something left, or since somebody asked first.
        synchronized long silence(long now) {
            return now - lastLeft;
        }

        /// Gives out the next place.
        ///
        /// @param wait until the first of this gateway's places is free, in nanoseconds
        /// @param each until the next one of its own is
        synchronized long turn(long now, long wait, double each) {
            long next = Math.max(now + wait, lastTurn + (long) each);
            if (next - now <= LONGEST.toNanos()) {
                lastTurn = next;
            }
            return next - now;
        }

        private void advance(long now) {
            long current = (now - start) / BUCKET_NANOS;
            for (long b = Math.max(bucket + 1, current - BUCKETS + 1); b <= current; b++) {
                counts[(int) (b % BUCKETS)] = 0;
            }
            bucket = Math.max(bucket, current);
        }
    }
}
