// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.catalog.AIModel;
import io.uplion.counters.Rounds;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.ProcessException;
import io.uplion.standalone.distributed.process.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps worker processes equal to what the controller wants: a manifest file for each pool. What a
/// cluster does with pods.
public final class PoolProcesses implements AutoCloseable {
    private static final Duration EACH = Duration.ofMillis(500);

    private final WantedPools wanted;
    private final Supervisor supervisor;
    private final ServiceSpecs specs;
    private final int workers;
    private final Consumer<String> say;
    private final Map<String, Pool> running = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable Rounds rounds;

    /// @param workers their names
    private record Pool(AIModel manifest, List<String> workers) {}

    public PoolProcesses(
            Supervisor supervisor, ServiceSpecs specs, int workers, Consumer<String> say) {
        this.wanted = specs.wantedPools();
        this.supervisor = supervisor;
        this.specs = specs;
        this.workers = workers;
        this.say = say;
    }

    /// Returns when the workers of all pools that are wanted now are ready.
    public void start() {
        rounds = Rounds.start("pools", EACH, this::look);
    }

    private void look() {
        Map<String, AIModel> now = wanted.read();
        for (Map.Entry<String, Pool> known : List.copyOf(running.entrySet())) {
            if (!now.containsKey(known.getKey())) {
                stop(known.getKey(), known.getValue());
            }
        }
        List<AIModel> changed =
                now.values().stream().filter(pool -> !pool.equals(manifest(pool))).toList();
        if (!changed.isEmpty()) {
            startAll(changed);
        }
    }

    private @Nullable AIModel manifest(AIModel pool) {
        Pool known = running.get(pool.name());
        return known == null ? null : known.manifest();
    }

    /// The models that have workers.
    public List<String> models() {
        return wanted.read().values().stream().map(AIModel::model).distinct().toList();
    }

    /// The new workers of a changed pool pull before its old ones have finished.
    private void startAll(List<AIModel> pools) {
        List<ChildSpec> children = new ArrayList<>();
        Map<String, Pool> before = new HashMap<>();
        for (AIModel pool : pools) {
            Pool old = running.get(pool.name());
            if (old != null) {
                before.put(pool.name(), old);
            }
            List<String> itsWorkers = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                String name = freeName();
                itsWorkers.add(name);
                children.add(specs.worker(name, pool));
            }
            running.put(pool.name(), new Pool(pool, itsWorkers));
        }
        try {
            supervisor.start(children);
        } catch (ProcessException e) {
            say.accept(String.valueOf(e.getMessage()));
        }
        before.values().forEach(this::stopWorkers);
    }

    private String freeName() {
        synchronized (names) {
            int number = 1;
            while (!names.add("worker-" + number)) {
                number++;
            }
            return "worker-" + number;
        }
    }

    private void stop(String name, Pool pool) {
        running.remove(name);
        stopWorkers(pool);
    }

    /// Aside: a worker's last answer may take minutes, and other pools do not wait for it.
    private void stopWorkers(Pool pool) {
        Thread.ofVirtual()
                .name("stop-" + pool.manifest().name())
                .start(
                        () -> {
                            supervisor.stop(pool.workers());
                            synchronized (names) {
                                pool.workers().forEach(names::remove);
                            }
                        });
    }

    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
    }
}
