// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.uplion.access.Access;
import io.uplion.access.AccessConfig;
import io.uplion.access.Entrance;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.FloorsWatch;
import io.uplion.counters.floors.InProcessFloors;
import io.uplion.counters.rate.InProcessRateLimits;
import io.uplion.gateway.Gateway;
import io.uplion.gateway.OtherGateways;
import io.uplion.gateway.PoolReports;
import io.uplion.gateway.idempotency.FileIdempotency;
import io.uplion.gateway.relay.Relay;
import io.uplion.platform.management.ManagementServer;
import io.uplion.platform.management.Readiness;
import io.uplion.portal.changes.AccessRelay;
import io.uplion.queue.InProcessQueue;
import io.uplion.queue.UsageQueue;
import io.uplion.queue.journal.DeadLetterFiles;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.standalone.data.DataDirectory;
import io.uplion.standalone.data.FirstRun;
import io.uplion.standalone.edge.LocalEdge;
import io.uplion.standalone.models.Models;
import io.uplion.store.DatabaseHealth;
import io.uplion.task.Task;
import io.uplion.worker.LoopExecutor;
import io.uplion.worker.attempt.SlotContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Everything in one process: composition root of the laptop form.
public final class Standalone implements Running {
    /// A worker of this process that is lost reports its answers before it goes.
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private static final UsageQueue WORKERS_REPORT = _ -> DONE;

    private final Parts parts;
    private final Storage storage;
    private final LiveCatalog catalog;
    private final Gateway gateway;
    private final ManagementServer management;
    private final Optional<FirstRun> firstRun;
    private final String url;

    private Standalone(StandaloneConfig config, Clock clock, Parts parts) throws IOException {
        StandaloneConfig.Options options = config.options();
        this.parts = parts;
        // What costs nothing to find out comes before anything is written.
        Ports.requireFree(options);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        parts.add(() -> vertx.close().await());
        options.address().tls().ifPresent(tls -> TlsFiles.require(tls, vertx));
        DataDirectory data = options.hold(parts);
        Storage.Opening opening = parts.add(Storage.Opening.of(options.data()));
        PrometheusMeterRegistry meters = JvmMeters.registry();
        InProcessQueue queue = parts.add(new InProcessQueue(new LoopExecutor(vertx)));
        UsageJournal usage = parts.add(UsageJournal.open(data.ownDirectory("usage")));
        Path kept = data.ownDirectory("idempotency");
        this.storage = opening.opened();
        DatabaseHealth database = parts.add(DatabaseHealth.watch(storage.reads()));
        SharedState shared = parts.add(new InProcessSharedState(System::nanoTime));
        Money money =
                parts.add(
                        Money.start(
                                config.billing(), data, storage.outside(shared, meters, clock)));
        Floors floors = floors(shared);
        FloorsWatch known = parts.add(FloorsWatch.start(floors));
        Entrance access = access(config.access(), known, shared, clock);
        this.catalog = new LiveCatalog(clock);
        Task.Gateway self = new Task.Gateway("local", UUID.randomUUID());
        this.gateway =
                Gateway.start(
                        config.gateway(),
                        new Gateway.Ports(
                                vertx,
                                LocalEdge.of(access, config.clients(), database),
                                money.reservations(),
                                money.claims(),
                                parts.add(FileIdempotency.open(kept, clock)),
                                behindTheGateway(queue, clock),
                                self,
                                meters),
                        parts.add(PortalBeside.start(vertx, storage, floors, config.clients())));
        SlotContext.Outside outside =
                new SlotContext.Outside(gateway.replyDesk(), usage, letters(data), clock);
        // Stopped in reverse: first the gateway, which waits for running answers, then the workers
        // that give them, last what tells others how we are.
        this.management =
                parts.add(
                        management(options, meters, () -> gateway.isReady() && database.isReady()));
        parts.add(
                Models.start(
                        config, new Models.Ports(vertx, queue, queue, catalog, outside, meters)));
        known.tell(gateway::end);
        parts.add(gateway);
        this.url = options.address().url(gateway.port());
        // Last: secrets that are shown once must not be lost in a start that fails.
        this.firstRun = FirstRun.make(storage.database(), data.path(), clock);
        firstRun.ifPresentOrElse(first -> first.write(url), () -> FirstRun.moved(data.path(), url));
    }

    private Entrance access(
            AccessConfig config, FloorsWatch known, SharedState shared, Clock clock) {
        Access.Alone alone = new Access.Alone(storage.reads(), known, shared);
        return new Entrance(
                parts.add(Access.start(config, alone, clock)),
                new InProcessRateLimits(System::nanoTime));
    }

    private Relay.Outside behindTheGateway(InProcessQueue queue, Clock clock) {
        return new Relay.Outside(
                catalog, queue, WORKERS_REPORT, PoolReports.NOBODY_ELSE, OtherGateways.NONE, clock);
    }

    private static DeadLetterFiles letters(DataDirectory data) throws IOException {
        return new DeadLetterFiles(
                data.ownDirectory("dead-letters"), DeadLetterFiles.Bounds.DEFAULT);
    }

    /// Changes that another process makes, such as a command, reach this one within a second.
    private Floors floors(SharedState shared) {
        Floors floors = parts.add(new InProcessFloors(System::nanoTime));
        parts.add(AccessRelay.start(storage.database(), floors, shared));
        return floors;
    }

    private ManagementServer management(
            StandaloneConfig.Options options, PrometheusMeterRegistry meters, Readiness readiness)
            throws IOException {
        InetAddress host = InetAddress.getByName(options.address().host());
        return ManagementServer.start(
                new InetSocketAddress(host, options.managementPort()), meters, readiness);
    }

    /// @throws StartException in words for the person at the terminal
    public static Standalone start(StandaloneConfig config, Clock clock) {
        Parts parts = new Parts();
        try {
            return new Standalone(config, clock, parts);
        } catch (IOException e) {
            parts.close();
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            parts.close();
            throw StartException.of(e, config.options().address());
        }
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public int managementPort() {
        return management.port();
    }

    @Override
    public List<String> models() {
        return catalog.models().stream().map(ServedModel::model).toList();
    }

    @Override
    public Optional<FirstRun> firstRun() {
        return firstRun;
    }

    @Override
    public void abandon() {
        storage.abandon();
    }

    @Override
    public void close() {
        parts.close();
    }
}
