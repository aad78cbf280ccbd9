// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.SharedState;
import io.uplion.queue.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/// Asks the broker for all gateways, while this one holds the lease.
///
/// All gateways ask for the lease each second, so a holder that dies is replaced a second after its
/// lease has run out. A holder that gets no answer of the broker leaves the lease to others.
final class StatisticsPoll {
    /// What the holder of the lease tells: a field for each model.
    static final String TABLE = "queue-statistics";

    static final String LEASE = "queue-statistics";
    private static final Duration LEASED = Duration.ofSeconds(5);

    /// Rounds come each second and a little late: every other one polls.
    private static final Duration BETWEEN = Duration.ofMillis(1500);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(3);

    private final String gateway;
    private final QueueStatistics.Ports ports;
    private final LongSupplier nanoTime;
    private final ToDoubleFunction<String> drainRates;
    private long lastPoll;
    private long restsUntil;

    /// @param gateway a name that no other gateway has
    /// @param drainRates tasks per second of a model, as far as it is known
    StatisticsPoll(
            String gateway,
            QueueStatistics.Ports ports,
            LongSupplier nanoTime,
            ToDoubleFunction<String> drainRates) {
        this.gateway = gateway;
        this.ports = ports;
        this.nanoTime = nanoTime;
        this.drainRates = drainRates;
        this.restsUntil = nanoTime.getAsLong();
        this.lastPoll = restsUntil - BETWEEN.toNanos();
    }

    void round() {
        long now = nanoTime.getAsLong();
        if (now - restsUntil < 0 || !holdsLease() || now - lastPoll < BETWEEN.toNanos()) {
            return;
        }
        lastPoll = now;
        Map<String, TopicState> topics = poll();
        // It may have taken longer than the lease; then another has told newer numbers.
        if (holdsLease()) {
            shared().putAll(TABLE, told(topics), QueueStatistics.STALE);
        }
    }

    private boolean holdsLease() {
        return shared().lease(LEASE, gateway, LEASED);
    }

    private SharedState shared() {
        return ports.shared();
    }

    private Map<String, TopicState> poll() {
        List<String> models = ports.catalog().models().stream().map(ServedModel::model).toList();
        try {
            return ports.source().poll(models);
        } catch (RuntimeException e) {
            restsUntil = nanoTime.getAsLong() + AFTER_FAILURE.toNanos();
            release();
            throw e;
        }
    }

    private Map<String, String> told(Map<String, TopicState> topics) {
        long at = ports.clock().millis();
        Map<String, String> told = new TreeMap<>();
        topics.forEach((model, topic) -> told.put(model, told(model, topic, at).text()));
        return told;
    }

    private Told told(String model, TopicState topic, long at) {
        return new Told(topic, at, drainRates.applyAsDouble(model));
    }

    /// Another need not wait until the lease runs out.
    void release() {
        shared().release(LEASE, gateway);
    }
}
