// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.counters.SharedState;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The pools that cannot serve, as all gateways have heard. What this gateway hears counts here at
/// once; the others learn of it with the next round.
///
/// Everything a gateway says here is said on event loops: nothing blocks, and a pool that is well
/// costs one look-up.
public final class PoolStatuses {
    private static final Duration AFTERWARDS = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Consumer<String> changed;
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

    /// What the others do not know yet; nothing where the pool is well again.
    private final Map<String, Optional<PoolStatus>> untold = new HashMap<>();

    /// @param heardAt when this gateway first heard of it
    private record Trouble(PoolStatus status, long heardAt) {}

    /// @param changed told the name of a pool that is another than before
    PoolStatuses(Clock clock, LongSupplier nanoTime, Consumer<String> changed) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.changed = changed;
    }

    /// A worker of the pool says that it cannot serve.
    public void troubled(String pool, PoolStatus status) {
        synchronized (untold) {
            Trouble known = troubles.get(pool);
            if (known != null && known.status().equals(status)) {
                return;
            }
            troubles.put(pool, new Trouble(status, nanoTime.getAsLong()));
            untold.put(pool, Optional.of(status));
        }
        changed.accept(pool);
    }

    /// An answer of the pool has begun: it can serve. An attempt that is older than the trouble
    /// says nothing: it was under way when the trouble came.
    ///
    /// @param grantedAt the attempt's, by the same nanosecond clock
    public void committed(String pool, long grantedAt) {
        Trouble seen = troubles.get(pool);
        if (seen == null || grantedAt - seen.heardAt() <= 0) {
            return;
        }
        synchronized (untold) {
            if (!troubles.remove(pool, seen)) {
                return;
            }
            untold.put(pool, Optional.empty());
        }
        changed.accept(pool);
    }

    Optional<PoolStatus> trouble(String pool) {
        return Optional.ofNullable(troubles.get(pool)).map(Trouble::status);
    }

    /// Tells the others. What cannot be told now is told the next time.
    void tell(SharedState shared) {
        Map<String, Optional<PoolStatus>> telling;
        synchronized (untold) {
            telling = Map.copyOf(untold);
        }
        telling.forEach(
                (pool, status) -> {
                    tell(shared, pool, status);
                    synchronized (untold) {
                        untold.remove(pool, status);
                    }
                });
    }

    private void tell(SharedState shared, String pool, Optional<PoolStatus> status) {
        if (status.isEmpty()) {
            shared.remove(Tables.TROUBLES, pool);
            return;
        }
        Duration kept = kept(status.get());
        if (kept.isPositive()) {
            shared.put(Tables.TROUBLES, pool, PoolWords.of(status.get()), kept);
        }
    }

    /// Until the pool works again and somebody must have noticed.
    private Duration kept(PoolStatus status) {
        Duration rest =
                status.retryAt()
                        .map(until -> Duration.between(clock.instant(), until))
                        .orElse(Duration.ZERO);
        Duration kept = rest.compareTo(LONGEST) > 0 ? LONGEST : rest.plus(AFTERWARDS);
        return kept.compareTo(LEAST) < 0 ? Duration.ZERO : kept;
    }

    /// Takes over what all say, except where this gateway knows better.
    void hear(Map<String, String> stored) {
        Map<String, PoolStatus> heard = new HashMap<>();
        stored.forEach(
                (pool, text) -> PoolWords.status(text).ifPresent(its -> heard.put(pool, its)));
        synchronized (untold) {
            heard.keySet().removeAll(untold.keySet());
            troubles.keySet().removeIf(pool -> !heard.containsKey(pool) && !isUntold(pool));
            heard.forEach((pool, status) -> troubles.compute(pool, (_, its) -> same(its, status)));
        }
    }

    private boolean isUntold(String pool) {
        return untold.containsKey(pool);
    }

    private Trouble same(@Nullable Trouble known, PoolStatus status) {
        return known != null && known.status().equals(status)
                ? known
                : new Trouble(status, nanoTime.getAsLong());
    }
}
