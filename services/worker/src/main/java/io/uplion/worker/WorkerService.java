// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.platform.process.Service;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarLetters;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.worker.attempt.SlotContext;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker as a process: its slots pull from Pulsar, its reply streams go over gRPC. Composition
/// root.
public final class WorkerService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

    private final Vertx vertx = Vertx.vertx();
    private final PulsarConnection connection;
    private final PulsarTasks queue;
    private final PulsarUsage usage;
    private final PulsarLetters letters;
    private final GrpcReplyDesk desk;
    private final Worker worker;

    private WorkerService(WorkerServiceConfig config, MeterRegistry meters, Clock clock) {
        this.connection = PulsarConnection.open(config.pulsarUrl());
        this.queue = new PulsarTasks(connection, new LoopExecutor(vertx), _ -> Optional.empty());
        this.usage = new PulsarUsage(connection);
        this.letters = new PulsarLetters(connection);
        this.desk = GrpcReplyDesk.start(GrpcReplyDeskConfig.DEFAULT);
        AIModel manifest = config.manifest();
        Secrets secrets = new Secrets(config.secrets(), config.environment());
        this.worker =
                Worker.start(
                        config.worker(),
                        manifest,
                        new Backends(config.worker(), vertx, secrets, meters).of(manifest),
                        new Worker.Ports(
                                vertx,
                                queue,
                                new SlotContext.Outside(desk, usage, letters, clock),
                                meters,
                                config.name(),
                                status ->
                                        LOG.atInfo()
                                                .addKeyValue("pool", manifest.name())
                                                .addKeyValue("state", status.state().id())
                                                .addKeyValue("reason", status.reason())
                                                .log("the pool is {}", status.state().id())));
    }

    public static WorkerService start(
            WorkerServiceConfig config, MeterRegistry meters, Clock clock) {
        return new WorkerService(config, meters, clock);
    }

    @Override
    public boolean isReady() {
        return worker.isReady();
    }

    /// Pulls no more, finishes what runs, hands back what is left.
    @Override
    public void close() {
        worker.close();
        desk.close();
        letters.close();
        usage.close();
        queue.close();
        connection.close();
        vertx.close().await();
    }
}
