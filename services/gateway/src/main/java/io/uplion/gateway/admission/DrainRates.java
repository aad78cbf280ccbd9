// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast each model's queue empties, so that a Retry-After holds: tasks that left the queue in
/// the last half minute, in ten buckets.
public final class DrainRates {
    private static final int BUCKETS = 10;
    private static final long BUCKET_NANOS = Duration.ofSeconds(3).toNanos();
    private static final Duration UNKNOWN = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    public DrainRates(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A task of the model has left the queue.
    public void left(String model) {
        Window window = windows.get(model);
        if (window == null) {
            window = windows.computeIfAbsent(model, _ -> new Window(nanoTime.getAsLong()));
        }
        window.count(nanoTime.getAsLong());
    }

    /// How long until fewer than `limit` tasks wait, at the speed of the last half minute.
    public Duration untilFewer(String model, int waiting, int limit) {
        Window window = windows.get(model);
        double perSecond = window == null ? 0 : window.perSecond(nanoTime.getAsLong());
        if (perSecond <= 0) {
            return UNKNOWN;
        }
        double seconds = (waiting - limit + 1) / perSecond;
        Duration wait = Duration.ofMillis(Math.max(1000, (long) (seconds * 1000)));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    /// Forgets a model that is gone.
    public void forget(String model) {
        windows.remove(model);
    }

    private static final class Window {
        private final long start;
        private final long[] counts = new long[BUCKETS];
        private long bucket;

        Window(long now) {
            this.start = now;
        }

        synchronized void count(long now) {
            advance(now);
            counts[(int) (bucket % BUCKETS)]++;
        }

        synchronized double perSecond(long now) {
            advance(now);
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            long nanos = Math.min(now - start, BUCKETS * BUCKET_NANOS);
            return nanos <= 0 ? 0 : sum * 1e9 / nanos;
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
