// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.admission.DrainRates;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.queue.TaskQueue;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// All clients that wait at this gateway, found by task.
public final class Relay implements ReplyDesk {
    private final GatewayConfig config;
    private final Catalog catalog;
    private final TaskQueue queue;
    private final DrainRates rates;
    private final GatewayMetrics metrics;
    private final Clock clock;
    private final KnownWorkers workers = new KnownWorkers();
    private final Map<UUID, Waiter> waiters = new ConcurrentHashMap<>();

    public Relay(
            GatewayConfig config,
            Catalog catalog,
            TaskQueue queue,
            DrainRates rates,
            GatewayMetrics metrics,
            Clock clock) {
        this.config = config;
        this.catalog = catalog;
        this.queue = queue;
        this.rates = rates;
        this.metrics = metrics;
        this.clock = clock;
        metrics.openRequests(waiters::size);
    }

    @Override
    public ReplyStream attach(Attach attach, Consumer<FromGateway> fromGateway) {
        Waiter waiter = waiters.get(attach.task());
        if (waiter == null || !sameNonce(waiter.task().nonce(), attach.nonce())) {
            fromGateway.accept(FromGateway.Done.FORGET);
            return NobodyWaits.STREAM;
        }
        AttemptStream stream = new AttemptStream(attach, fromGateway, waiter);
        stream.open();
        return stream;
    }

    private static boolean sameNonce(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                given.getBytes(StandardCharsets.UTF_8));
    }

    /// Before the task is published: a fast worker must find its client.
    void register(Waiter waiter) {
        waiters.put(waiter.task().id(), waiter);
    }

    void ended(Waiter waiter) {
        waiters.remove(waiter.task().id());
        rates.left(waiter.task().model());
    }

    public int open() {
        return waiters.size();
    }

    /// Tells every client that is left that the gateway goes down.
    public void shutDown() {
        for (Waiter waiter : waiters.values()) {
            waiter.loop().emit(_ -> waiter.shutDown());
        }
    }

    /// Whether no pool of the model can work, now that this one cannot either.
    Optional<PoolStatus> outageWithout(String model, String pool, FromWorker.PoolTrouble trouble) {
        ServedModel served = catalog.find(model);
        if (served == null) {
            return Optional.of(status(trouble));
        }
        Instant now = clock.instant();
        ServedModel without =
                new ServedModel(
                        model,
                        served.pools().stream()
                                .map(known -> troubled(known, pool, trouble))
                                .toList(),
                        served.since());
        return without.outage(now);
    }

    private static ServedModel.Pool troubled(
            ServedModel.Pool known, String pool, FromWorker.PoolTrouble trouble) {
        return known.manifest().name().equals(pool)
                ? new ServedModel.Pool(known.manifest(), status(trouble))
                : known;
    }

    static PoolStatus status(FromWorker.PoolTrouble trouble) {
        return new PoolStatus(
                PoolStatus.State.FAILED,
                trouble.reason(),
                trouble.message(),
                trouble.status(),
                Optional.of(trouble.retryAt()));
    }

    GatewayConfig config() {
        return config;
    }

    Catalog catalog() {
        return catalog;
    }

    TaskQueue queue() {
        return queue;
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    KnownWorkers workers() {
        return workers;
    }

    Clock clock() {
        return clock;
    }

    private enum NobodyWaits implements ReplyStream {
        STREAM;

        @Override
        public void send(FromWorker message) {
            // The worker was told to forget the task.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
