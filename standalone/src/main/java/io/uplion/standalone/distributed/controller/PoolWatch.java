// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.shared.CatalogPublisher;
import io.uplion.catalog.shared.PoolState;
import io.uplion.counters.Rounds;
import io.uplion.queue.TopicState;
import io.uplion.queue.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks every two seconds who pulls, and tells how the pools are. A model that is gone loses its
/// topic when nobody pulls from it any more.
final class PoolWatch implements AutoCloseable {
    private static final Duration EACH = Duration.ofSeconds(2);

    private final Ports ports;
    private final int workers;
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Start> starts = new HashMap<>();
    private List<AIModel> pools = List.of();
    private @Nullable Rounds rounds;

    /// @param broker asks for the models' topics
    record Ports(
            Function<Collection<String>, Map<String, TopicState>> broker,
            Topics topics,
            CatalogPublisher publisher,
            Clock clock) {}

    /// Measured from the first look at which nobody pulled: a pool that runs when this controller
    /// begins may have started long ago.
    ///
    /// @param since while nobody pulls
    private record Start(Optional<Instant> since, Optional<Duration> last) {
        private static final Start UNSEEN = new Start(Optional.empty(), Optional.empty());

        private Start ready(Instant now) {
            return new Start(
                    Optional.empty(),
                    since.map(begun -> Duration.between(begun, now)).or(() -> last));
        }
    }

    PoolWatch(Ports ports, int workers) {
        this.ports = ports;
        this.workers = workers;
    }

    /// @param workers of each pool
    static PoolWatch start(Ports ports, int workers) {
        PoolWatch watch = new PoolWatch(ports, workers);
        watch.rounds = Rounds.start("pool-watch", EACH, watch::round);
        return watch;
    }

    synchronized void wanted(List<AIModel> now) {
        Set<String> models = models(now);
        pools.stream().map(AIModel::model).filter(m -> !models.contains(m)).forEach(leaving::add);
        leaving.removeAll(models);
        pools = List.copyOf(now);
        Set<String> names = now.stream().map(AIModel::name).collect(Collectors.toSet());
        starts.keySet().retainAll(names);
        if (rounds != null) {
            rounds.soon();
        }
    }

    private static Set<String> models(List<AIModel> pools) {
        return pools.stream().map(AIModel::model).collect(Collectors.toSet());
    }

    void round() {
        Set<String> asked;
        synchronized (this) {
            asked = new HashSet<>(models(pools));
            asked.addAll(leaving);
        }
        tell(ports.broker().apply(asked));
    }

    private synchronized void tell(Map<String, TopicState> states) {
        for (AIModel pool : pools) {
            TopicState state = states.get(pool.model());
            report(pool, state == null ? 0 : state.consumers());
        }
        for (String model : Set.copyOf(leaving)) {
            TopicState state = states.get(model);
            if (state == null || state.consumers() == 0) {
                ports.topics().deleteTopic(model);
                leaving.remove(model);
            }
        }
    }

    /// The broker knows slots, not pools: where several share a model, one that pulls speaks for
    /// all of them.
    private void report(AIModel pool, int slots) {
        Instant now = ports.clock().instant();
        Start known = starts.getOrDefault(pool.name(), Start.UNSEEN);
        Start next;
        if (slots > 0) {
            next = known.ready(now);
        } else {
            next = new Start(known.since().or(() -> Optional.of(now)), known.last());
        }
        starts.put(pool.name(), next);
        int ready = Math.min(workers, (slots + pool.concurrency() - 1) / pool.concurrency());
        ports.publisher()
                .report(
                        pool.name(),
                        new PoolState(
                                slots > 0 ? PoolStatus.RUNNING : PoolStatus.PENDING,
                                workers,
                                ready,
                                next.since(),
                                next.last()));
    }

    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
    }
}
