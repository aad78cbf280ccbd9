// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.queue.TopicState;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarStatistics;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.queue.pulsar.PulsarTopics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What one process has of the queue: connection, adapters, and a thread for deliveries.
final class Rig implements AutoCloseable {
    private static final long FRESH_NANOS = 50_000_000;
    private static PulsarConnection sharedConnection;

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final PulsarAdmin admin;
    private final PulsarStatistics statistics;
    private final Map<String, Polled> polled = new ConcurrentHashMap<>();
    private final boolean ownsConnection;
    final PulsarConnection connection;
    final PulsarTopics topics;
    final PulsarTasks tasks;

    private record Polled(Optional<TopicState> state, long at) {}

    /// Another process, as far as the broker sees.
    Rig(LocalBroker broker) {
        this(broker, PulsarConnection.open(broker.serviceUrl()), true);
    }

    private Rig(LocalBroker broker, PulsarConnection connection, boolean ownsConnection) {
        this.connection = connection;
        this.ownsConnection = ownsConnection;
        admin = new PulsarAdmin(broker.adminUrl());
        statistics = new PulsarStatistics(admin);
        topics = new PulsarTopics(admin);
        tasks = new PulsarTasks(connection, loop, this::state);
    }

    /// Over the connection that all tests share: closing one takes seconds.
    static Rig shared(LocalBroker broker) {
        synchronized (Rig.class) {
            if (sharedConnection == null) {
                sharedConnection = PulsarConnection.open(broker.serviceUrl());
            }
            return new Rig(broker, sharedConnection, false);
        }
    }

    /// As a gateway has it from another one, only fresher.
    private Optional<TopicState> state(String model) {
        return polled.compute(
                        model,
                        (_, last) ->
                                last != null && System.nanoTime() - last.at() < FRESH_NANOS
                                        ? last
                                        : new Polled(
                                                Optional.ofNullable(
                                                        statistics.poll(List.of(model)).get(model)),
                                                System.nanoTime()))
                .state();
    }

    PulsarStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() {
        tasks.close();
        if (ownsConnection) {
            connection.close();
        }
        statistics.close();
        admin.close();
        loop.shutdownNow();
    }
}
