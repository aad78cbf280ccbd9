// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.Topics;
import io.uplion.standalone.StandaloneConfig;
import io.uplion.worker.Backends;
import io.uplion.worker.Worker;
import io.uplion.worker.attempt.SlotContext;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The door of this package: the models of a laptop, with their workers.
public final class Models implements AutoCloseable {
    private final StandaloneConfig config;
    private final Ports ports;
    private final Backends backends;
    private final Pools pools;
    private final ModelWatch watch;

    /// What models and their workers need of others.
    public record Ports(
            Vertx vertx,
            TaskQueue queue,
            Topics topics,
            LiveCatalog catalog,
            SlotContext.Outside outside,
            MeterRegistry meters) {}

    private Models(StandaloneConfig config, Ports ports) {
        this.config = config;
        this.ports = ports;
        this.backends =
                new Backends(
                        config.worker(),
                        ports.vertx(),
                        new Secrets(config.options().models(), config.environment()),
                        ports.meters());
        this.pools =
                new Pools(
                        ports.catalog(),
                        ports.topics(),
                        this::startWorker,
                        new QueueMeters(ports.meters(), ports.queue()));
        Discovery discovery = new Discovery(config.discovery(), ports.vertx());
        this.watch = watch(config.options().models(), discovery, pools::apply);
    }

    /// Returns when the models that are there now have their workers.
    public static Models start(StandaloneConfig config, Ports ports) {
        Models models = new Models(config, ports);
        models.watch.start();
        return models;
    }

    private static ModelWatch watch(
            Path directory, Discovery discovery, Consumer<List<AIModel>> wanted) {
        return new ModelWatch(new ModelFiles(directory), discovery, wanted);
    }

    /// Watches the same places, for somebody who has no workers in this process.
    ///
    /// @param wanted is told all models that are wanted, before this returns and after each change
    /// @return ends the watch
    public static AutoCloseable watching(
            Path directory, Discovery.Config discovery, Consumer<List<AIModel>> wanted) {
        Vertx vertx = Vertx.vertx();
        ModelWatch watch = watch(directory, new Discovery(discovery, vertx), wanted);
        watch.start();
        return () -> {
            watch.close();
            vertx.close().await();
        };
    }

    private Pools.PoolWorker startWorker(AIModel manifest, Consumer<PoolStatus> report) {
        Worker.Ports needs =
                new Worker.Ports(
                        ports.vertx(),
                        ports.queue(),
                        ports.outside(),
                        ports.meters(),
                        manifest.name() + "-" + ProcessHandle.current().pid(),
                        report);
        return new LocalWorker(
                Worker.start(config.worker(), manifest, backends.of(manifest), needs));
    }

    private record LocalWorker(Worker worker) implements Pools.PoolWorker {
        @Override
        public void stopPulling() {
            worker.stopPulling();
        }

        @Override
        public void retire() {
            worker.retire();
        }

        @Override
        public void close() {
            worker.close();
        }
    }

    @Override
    public void close() {
        watch.close();
        pools.close();
    }
}
