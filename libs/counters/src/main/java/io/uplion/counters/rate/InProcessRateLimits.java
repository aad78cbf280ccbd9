// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The limits of a platform that is one process. A tick is a nanosecond.
public final class InProcessRateLimits implements RateLimits {
    private static final long REQUEST = Duration.ofMinutes(1).toNanos();

    /// More would not be counted exactly.
    private static final int MOST_NODES = 1000;

    /// Every so many calls what is empty is thrown away.
    private static final long SWEEP = 1 << 14;

    private final LongSupplier nanoTime;
    private final IntSupplier nodes;
    private final long start;
    private final Map<UUID, Map<String, Filling>> accounts = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean closed;

    /// @param perMinute the limit it was drained by last
    private record Filling(Level level, long perMinute) {}

    /// @param nanoTime the store's clock
    public InProcessRateLimits(LongSupplier nanoTime) {
        this(nanoTime, () -> 1);
    }

    /// One of several nodes that do not hear of each other: each lets in its share. A request
    /// weighs here as much as one on each node, so that also shares below one are exact; but after
    /// a rest one is let in whatever its weight.
    ///
    /// @param nodes how many there are now
    public InProcessRateLimits(LongSupplier nanoTime, IntSupplier nodes) {
        this.nanoTime = nanoTime;
        this.nodes = nodes;
        this.start = nanoTime.getAsLong();
    }

    @Override
    public CompletionStage<Taken> take(UUID account, List<Bucket> buckets) {
        if (closed) {
            return CompletableFuture.completedFuture(new Taken.Unknown("the limits are closed"));
        }
        if (buckets.isEmpty()) {
            return CompletableFuture.completedFuture(new Taken.Let(List.of()));
        }
        if (calls.incrementAndGet() % SWEEP == 0) {
            sweep();
        }
        Taking taking = new Taking(buckets, Math.clamp(nodes.getAsInt(), 1, MOST_NODES));
        accounts.compute(account, (_, fillings) -> taking.in(fillings, now()));
        return CompletableFuture.completedFuture(taking.taken());
    }

    private long now() {
        return nanoTime.getAsLong() - start;
    }

    private void sweep() {
        for (UUID account : accounts.keySet()) {
            accounts.computeIfPresent(account, (_, fillings) -> withoutEmpty(fillings, now()));
        }
    }

    private static @Nullable Map<String, Filling> withoutEmpty(
            Map<String, Filling> fillings, long now) {
        fillings.values().removeIf(held -> held.level().at(now, held.perMinute()).units() == 0);
        return fillings.isEmpty() ? null : fillings;
    }

    /// How many accounts are remembered.
    int size() {
        return accounts.size();
    }

    @Override
    public void close() {
        closed = true;
    }

    /// One request before its buckets, while its account is held.
    private static final class Taking {
        private final List<Bucket> buckets;
        private final long weight;
        private final List<Level> levels;
        private Taken taken = new Taken.Let(List.of());

        Taking(List<Bucket> buckets, int nodes) {
            this.buckets = buckets;
            this.weight = nodes * REQUEST;
            this.levels = new ArrayList<>(buckets.size());
        }

        Taken taken() {
            return taken;
        }

        Map<String, Filling> in(@Nullable Map<String, Filling> held, long now) {
            Map<String, Filling> fillings = held == null ? new HashMap<>() : held;
            int slowest = 0;
            long longest = 0;
            for (int i = 0; i < buckets.size(); i++) {
                Bucket bucket = buckets.get(i);
                Filling filling = fillings.get(bucket.name());
                Level level = filling == null ? Level.EMPTY : filling.level();
                levels.add(level.at(now, bucket.perMinute()));
                long room = Math.max(0, bucket.burst() * REQUEST - weight);
                long wait = levels.get(i).ticksUntil(room, bucket.perMinute());
                if (wait > longest) {
                    slowest = i;
                    longest = wait;
                }
            }
            taken = longest == 0 ? let(fillings) : refused(slowest, longest);
            return fillings;
        }

        private Taken let(Map<String, Filling> fillings) {
            List<Standing> standings = new ArrayList<>(buckets.size());
            for (int i = 0; i < buckets.size(); i++) {
                Bucket bucket = buckets.get(i);
                Level level = levels.get(i).plus(weight);
                fillings.put(bucket.name(), new Filling(level, bucket.perMinute()));
                standings.add(standing(bucket, level));
            }
            return new Taken.Let(standings);
        }

        private Taken refused(int slowest, long wait) {
            Standing standing = standing(buckets.get(slowest), levels.get(slowest));
            return new Taken.Refused(standing, Duration.ofNanos(wait));
        }

        private Standing standing(Bucket bucket, Level level) {
            long room = Math.max(0, bucket.burst() * REQUEST - level.units());
            long reset = level.ticksUntil(0, bucket.perMinute());
            return new Standing(
                    bucket.name(), bucket.perMinute(), room / weight, Duration.ofNanos(reset));
        }
    }
}
