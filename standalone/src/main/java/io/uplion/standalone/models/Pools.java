// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.queue.TaskQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the workers that run equal to the models that are wanted. One thread calls it.
final class Pools implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

    private final LiveCatalog catalog;
    private final TaskQueue queue;
    private final WorkerStart workers;
    private final QueueMeters meters;
    private final Map<String, Pool> running = new HashMap<>();

    private record Pool(AIModel manifest, PoolWorker worker) {}

    /// A pool's worker, as seen from here. Closing it waits for its running attempts.
    interface PoolWorker extends AutoCloseable {
        void stopPulling();

        @Override
        void close();
    }

    /// Starts a pool's worker, which reports how it is.
    @FunctionalInterface
    interface WorkerStart {
        PoolWorker start(AIModel manifest, Consumer<PoolStatus> report);
    }

    Pools(LiveCatalog catalog, TaskQueue queue, WorkerStart workers, QueueMeters meters) {
        this.catalog = catalog;
        this.queue = queue;
        this.workers = workers;
        this.meters = meters;
    }

    void apply(List<AIModel> wanted) {
        Map<String, AIModel> byName = new HashMap<>();
        wanted.forEach(model -> byName.put(model.name(), model));
        for (Pool pool : List.copyOf(running.values())) {
            AIModel next = byName.get(pool.manifest().name());
            if (next == null) {
                remove(pool);
            } else if (!next.equals(pool.manifest())) {
                replace(pool, next);
            }
        }
        wanted.stream().filter(model -> !running.containsKey(model.name())).forEach(this::add);
    }

    private void add(AIModel manifest) {
        queue.createTopic(manifest.model());
        meters.add(manifest.model());
        catalog.put(manifest, PoolStatus.PENDING);
        String name = manifest.name();
        PoolWorker worker = workers.start(manifest, status -> catalog.status(name, status));
        running.put(name, new Pool(manifest, worker));
    }

    /// The new worker pulls before the old one has finished: nobody waits for the drain.
    private void replace(Pool pool, AIModel next) {
        pool.worker().stopPulling();
        boolean moved = !pool.manifest().model().equals(next.model());
        add(next);
        drain(pool);
        if (moved) {
            dropTopic(pool.manifest().model());
        }
    }

    private void remove(Pool pool) {
        running.remove(pool.manifest().name());
        catalog.remove(pool.manifest().name());
        drain(pool);
        dropTopic(pool.manifest().model());
    }

    /// A model loses its topic with its last pool.
    private void dropTopic(String model) {
        boolean used =
                running.values().stream().anyMatch(pool -> pool.manifest().model().equals(model));
        if (!used) {
            queue.deleteTopic(model);
            meters.remove(model);
        }
    }

    private static void drain(Pool pool) {
        Thread.ofVirtual().name("drain-" + pool.manifest().name()).start(() -> close(pool));
    }

    private static void close(Pool pool) {
        try {
            pool.worker().close();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("pool", pool.manifest().name())
                    .log("a worker did not stop in order");
        }
    }

    @Override
    public void close() {
        running.values().parallelStream().forEach(Pools::close);
        running.clear();
    }
}
