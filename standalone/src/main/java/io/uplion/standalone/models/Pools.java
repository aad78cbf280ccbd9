// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.queue.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the workers that run equal to the models that are wanted. One thread calls it.
final class Pools implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

    private final LiveCatalog catalog;
    private final Topics topics;
    private final WorkerStart workers;
    private final QueueMeters meters;
    private final Map<String, Pool> running = new HashMap<>();

    private record Pool(AIModel manifest, PoolWorker worker) {}

    /// A pool's worker, as seen from here. Closing it waits for its running attempts.
    interface PoolWorker extends AutoCloseable {
        void stopPulling();

        /// Lets running attempts come to their end, however long the manifest allows.
        void retire();

        @Override
        void close();
    }

    /// Starts a pool's worker, which reports how it is.
    @FunctionalInterface
    interface WorkerStart {
        PoolWorker start(AIModel manifest, Consumer<PoolStatus> report);
    }

    Pools(LiveCatalog catalog, Topics topics, WorkerStart workers, QueueMeters meters) {
        this.catalog = catalog;
        this.topics = topics;
        this.workers = workers;
        this.meters = meters;
    }

    /// What is new comes before what goes: a model whose pools are exchanged keeps its topic, and
    /// with it the tasks that wait there. One pool that cannot start does not keep others away.
    void apply(List<AIModel> wanted) {
        Set<String> before =
                running.values().stream()
                        .map(pool -> pool.manifest().model())
                        .collect(Collectors.toSet());
        Map<String, AIModel> byName = new HashMap<>();
        wanted.forEach(model -> byName.put(model.name(), model));
        wanted.stream().filter(model -> !running.containsKey(model.name())).forEach(this::add);
        for (Pool pool : List.copyOf(running.values())) {
            AIModel next = byName.get(pool.manifest().name());
            if (next == null) {
                remove(pool);
            } else if (!next.equals(pool.manifest())) {
                replace(pool, next);
            }
        }
        before.forEach(this::dropUnused);
    }

    private void add(AIModel manifest) {
        topics.createTopic(manifest.model());
        meters.add(manifest.model());
        catalog.put(manifest, PoolStatus.PENDING);
        String name = manifest.name();
        try {
            PoolWorker worker = workers.start(manifest, status -> catalog.status(name, status));
            running.put(name, new Pool(manifest, worker));
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            catalog.status(name, PoolStatus.failed("ConfigurationError", why));
            running.put(name, new Pool(manifest, NoWorker.NONE));
            LOG.atError().setCause(e).addKeyValue("pool", name).log("a pool could not start");
        }
    }

    private enum NoWorker implements PoolWorker {
        NONE;

        @Override
        public void stopPulling() {
            // Nothing pulls.
        }

        @Override
        public void retire() {
            // Nothing runs.
        }

        @Override
        public void close() {
            // Nothing runs.
        }
    }

    /// The new worker pulls before the old one has finished: nobody waits for the drain.
    private void replace(Pool pool, AIModel next) {
        pool.worker().stopPulling();
        running.remove(next.name());
        add(next);
        retire(pool);
    }

    private void remove(Pool pool) {
        running.remove(pool.manifest().name());
        catalog.remove(pool.manifest().name());
        retire(pool);
    }

    /// A model loses its topic with its last pool.
    private void dropUnused(String model) {
        boolean used =
                running.values().stream().anyMatch(pool -> pool.manifest().model().equals(model));
        if (!used) {
            topics.deleteTopic(model);
            meters.remove(model);
        }
    }

    private static void retire(Pool pool) {
        Thread.ofVirtual()
                .name("retire-" + pool.manifest().name())
                .start(() -> end(pool, PoolWorker::retire));
    }

    private static void end(Pool pool, Consumer<PoolWorker> how) {
        try {
            how.accept(pool.worker());
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("pool", pool.manifest().name())
                    .log("a worker did not stop in order");
        }
    }

    @Override
    public void close() {
        running.values().parallelStream().forEach(pool -> end(pool, PoolWorker::close));
        running.clear();
    }
}
