// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.counters.Rounds;
import io.uplion.standalone.distributed.process.ChildSpec;
import io.uplion.standalone.distributed.process.ProcessException;
import io.uplion.standalone.distributed.process.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps worker processes equal to what the controller wants: a manifest file for each pool. What a
/// cluster does with pods.
public final class PoolProcesses implements AutoCloseable {
    private static final Duration EACH = Duration.ofMillis(500);

    private final Path directory;
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
        this.directory = specs.pools();
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
        Map<String, AIModel> wanted = wanted();
        for (Map.Entry<String, Pool> known : List.copyOf(running.entrySet())) {
            if (!wanted.containsKey(known.getKey())) {
                stop(known.getKey(), known.getValue());
            }
        }
        List<AIModel> changed =
                wanted.values().stream().filter(pool -> !pool.equals(manifest(pool))).toList();
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
        return wanted().values().stream().map(AIModel::model).distinct().toList();
    }

    private Map<String, AIModel> wanted() {
        Map<String, AIModel> wanted = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return wanted;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
            for (Path file : files) {
                ManifestReader.read(file.toString(), Files.readString(file))
                        .models()
                        .forEach(model -> wanted.put(model.name(), model));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pools cannot be read", e);
        }
        return wanted;
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
                children.add(specs.worker(name, pool, directory.resolve(pool.name() + ".yaml")));
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
