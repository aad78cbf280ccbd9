// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Slots;
import io.uplion.worker.attempt.Attempt;
import io.uplion.worker.attempt.SlotContext;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.pool.PoolHealth;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A worker of one pool: composition root.
public final class Worker implements AutoCloseable {
    private static final long TICK_MILLIS = 500;
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final Duration FOR_ANOTHER_POOL = Duration.ofMillis(50);

    private final WorkerConfig config;
    private final AIModel manifest;
    private final Ports ports;
    private final Backend backend;
    private final WorkerMetrics metrics;
    private final SlotContext context;
    private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
    private final Slots slots;
    private final long timer;
    private volatile int open;
    private volatile boolean stopping;

    /// What a worker needs of others.
    ///
    /// @param name of this worker, that no other has
    /// @param report is told how the pool is
    public record Ports(
            Vertx vertx,
            TaskQueue queue,
            SlotContext.Outside outside,
            MeterRegistry meters,
            String name,
            Consumer<PoolStatus> report) {}

    private Worker(WorkerConfig config, AIModel manifest, Backend backend, Ports ports) {
        this.config = config;
        this.manifest = manifest;
        this.ports = ports;
        this.backend = backend;
        this.metrics = new WorkerMetrics(ports.meters(), manifest);
        this.open = manifest.concurrency();
        PoolHealth health = new PoolHealth(new SlotSwitch(), ports.outside().clock());
        this.context =
                new SlotContext(
                        manifest,
                        ports.name(),
                        config.stall(),
                        backend,
                        health,
                        ports.outside(),
                        metrics);
        this.slots = ports.queue().open(manifest.model(), 0, this::delivered);
        this.timer = ports.vertx().setPeriodic(TICK_MILLIS, _ -> tick());
    }

    /// Opens the pool's slots. The model's topic exists.
    public static Worker start(
            WorkerConfig config, AIModel manifest, Backend backend, Ports ports) {
        Worker worker = new Worker(config, manifest, backend, ports);
        worker.metrics.slots(worker.running::size, () -> worker.open);
        ports.report().accept(PoolStatus.RUNNING);
        worker.slots.resize(manifest.concurrency());
        return worker;
    }

    private void delivered(Delivery delivery) {
        if (!manifest.endpoints().contains(delivery.task().endpoint())) {
            // Another pool of the model serves it: admission has seen to that.
            delivery.later(FOR_ANOTHER_POOL);
            return;
        }
        Attempt attempt;
        try {
            ContextInternal loop = (ContextInternal) ports.vertx().getOrCreateContext();
            attempt = new Attempt(delivery, context, loop, running::remove);
            running.add(attempt);
        } catch (Throwable fault) {
            // No memory, most likely. The slot must not be lost by it.
            delivery.later(AFTER_A_FAULT);
            throw fault;
        }
        attempt.start();
    }

    private void tick() {
        long now = System.nanoTime();
        running.forEach(attempt -> attempt.tick(now));
    }

    private void resize(int wanted) {
        if (!stopping) {
            open = wanted;
            slots.resize(wanted);
        }
    }

    /// Whether its slots can be given tasks: a process that has started may not have reached them
    /// yet, and one whose broker is away has not.
    boolean isReady() {
        return !stopping && slots.areOpen();
    }

    /// Pulls no more; running attempts go on. Another worker of the pool may start.
    public void stopPulling() {
        stopping = true;
        slots.close();
        metrics.close();
    }

    /// Waits for the running attempts as long as one may take, since the platform goes on; hands
    /// back those that are left.
    public void retire() {
        close(manifest.timeout());
    }

    /// Waits for the running attempts; hands back those that are left.
    @Override
    public void close() {
        close(config.drain());
    }

    private void close(Duration drain) {
        stopPulling();
        long deadline = System.nanoTime() + drain.toNanos();
        while (!running.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        running.forEach(Attempt::abandon);
        ports.vertx().cancelTimer(timer);
        backend.close();
    }

    @Override
    public String toString() {
        return "Worker[" + manifest.name() + "]";
    }

    private final class SlotSwitch implements PoolHealth.Switch {
        @Override
        public void openAll() {
            resize(manifest.concurrency());
        }

        @Override
        public void openOne() {
            resize(Math.max(1, open));
        }

        @Override
        public void closeIdle() {
            resize(0);
        }

        @Override
        public void report(PoolStatus status) {
            // A retired worker says nothing of the pool: another one has it.
            if (!stopping) {
                ports.report().accept(status);
            }
        }

        @Override
        public void after(Duration wait, Runnable then) {
            ports.vertx().setTimer(Math.max(1, wait.toMillis()), _ -> then.run());
        }
    }
}
