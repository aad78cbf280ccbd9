// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.live.Catalog;
import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import io.uplion.counters.SharedStateException;
import io.uplion.queue.TopicState;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What this gateway knows of the models' queues, and its share in what all of them know. Asking is
/// one look-up; everything else happens on threads of its own.
public final class QueueStatistics implements AutoCloseable {
    /// What is older says nothing.
    static final Duration STALE = Duration.ofSeconds(10);

    private static final Duration EACH = Duration.ofSeconds(1);

    /// How old the newest may be: every other round polls, and it is heard of a round later.
    public static final Duration BEHIND = EACH.multipliedBy(3);

    /// How many tasks each gateway holds: a field for each gateway that lives.
    static final String HELD = "queue-held";

    private static final Duration HELD_FOR = Duration.ofSeconds(5);

    private final String gateway;
    private final Ports ports;
    private final LongSupplier nanoTime;
    private final StatisticsPoll poll;
    private final QueueMeters meters;
    private final Map<String, DrainWindow> windows = new ConcurrentHashMap<>();
    private volatile Map<String, Heard> heard = Map.of();
    private volatile Map<String, Integer> heldElsewhere = Map.of();
    private volatile Turn turn = Turn.ALONE;
    private @Nullable Rounds polling;
    private @Nullable Rounds hearing;

    /// @param source asked while this gateway holds the lease
    /// @param catalog the models that are asked about
    /// @param held tasks that this gateway holds and has not published yet, by model; asked on
    ///   another thread
    /// @param meters where operators see the queues
    public record Ports(
            SharedState shared,
            StatisticsSource source,
            Catalog catalog,
            Supplier<Map<String, Integer>> held,
            Clock clock,
            MeterRegistry meters) {}

    /// @param text as it was told; the same text is the same poll
    /// @param at when this gateway first saw it
    private record Heard(String text, Told told, long at) {}

    QueueStatistics(String gateway, Ports ports, LongSupplier nanoTime) {
        this.gateway = gateway;
        this.ports = ports;
        this.nanoTime = nanoTime;
        this.poll = new StatisticsPoll(gateway, ports, nanoTime, this::drainPerSecond);
        this.meters = new QueueMeters(ports.meters(), this::of);
    }

    /// @param gateway a name that no other gateway has
    public static QueueStatistics start(String gateway, Ports ports) {
        QueueStatistics statistics = new QueueStatistics(gateway, ports, System::nanoTime);
        statistics.hearing = Rounds.start("queue-statistics", EACH, statistics::round);
        statistics.polling =
                Rounds.startAside("queue-statistics-poll", EACH, statistics.poll::round);
        return statistics;
    }

    /// Nothing where nobody has told of the model's queue for ten seconds.
    public Optional<ModelQueue> of(String model) {
        Heard known = heard.get(model);
        if (known == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - known.at());
        return age.compareTo(STALE) > 0 ? Optional.empty() : Optional.of(queue(model, known, age));
    }

    /// The broker's own counts of the model's topic, under the same condition.
    public Optional<TopicState> topic(String model) {
        return of(model).map(ModelQueue::topic);
    }

    /// This gateway among those that live, as of the last round.
    public Turn turn() {
        return turn;
    }

    private ModelQueue queue(String model, Heard known, Duration age) {
        Told told = known.told();
        return new ModelQueue(
                told.topic(), heldElsewhere.getOrDefault(model, 0), told.drainPerSecond(), age);
    }

    private double drainPerSecond(String model) {
        DrainWindow window = windows.get(model);
        return window == null ? 0 : window.perSecond();
    }

    /// For tests, which make the time themselves: asks the broker if it is this gateway's turn.
    void pollRound() {
        poll.round();
    }

    /// Tells what this gateway holds, and hears what all tell.
    void round() {
        SharedState shared = ports.shared();
        shared.put(HELD, gateway, Told.counts(ports.held().get()), HELD_FOR);
        Map<String, String> holders = shared.all(HELD);
        holders.remove(gateway);
        heldElsewhere = sum(holders);
        turn = Turn.of(gateway, holders.keySet());
        hear(shared.all(StatisticsPoll.TABLE));
    }

    private static Map<String, Integer> sum(Map<String, String> holders) {
        Map<String, Integer> sums = new HashMap<>();
        holders.values()
                .forEach(
                        text ->
                                Told.counts(text)
                                        .forEach(
                                                (model, held) ->
                                                        sums.merge(model, held, Integer::sum)));
        return sums;
    }

    /// What nobody tells any more is kept until it is stale: the store may have forgotten it.
    private void hear(Map<String, String> stored) {
        long now = nanoTime.getAsLong();
        Map<String, Heard> known = new HashMap<>(heard);
        known.values().removeIf(its -> now - its.at() > STALE.toNanos());
        stored.forEach(
                (model, text) -> {
                    Heard before = known.get(model);
                    if (before == null || !before.text().equals(text)) {
                        Told.parse(text)
                                .ifPresent(told -> hear(known, model, new Heard(text, told, now)));
                    }
                });
        windows.keySet().retainAll(known.keySet());
        heard = Map.copyOf(known);
        meters.show(heard.keySet());
    }

    /// Every gateway counts along, so that whoever gets the lease next knows the rate.
    private void hear(Map<String, Heard> known, String model, Heard heard) {
        known.put(model, heard);
        Told told = heard.told();
        windows.computeIfAbsent(model, _ -> new DrainWindow())
                .add(told.polledAt(), told.topic().acknowledged());
    }

    /// Others need not wait for what this gateway has, or has to do.
    @Override
    public void close() {
        if (polling != null) {
            polling.close();
        }
        if (hearing != null) {
            hearing.close();
        }
        try {
            poll.release();
            ports.shared().remove(HELD, gateway);
        } catch (SharedStateException _) {
            // It runs out by itself.
        }
    }
}
