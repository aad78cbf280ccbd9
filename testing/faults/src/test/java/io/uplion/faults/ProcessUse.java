// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Threads and open files of each process, where the system tells: on Linux.
record ProcessUse(Map<String, Use> processes) {
    /// What may come with the state of a cache, of a pool or of the compiler.
    private static final int SLACK = 32;

    private record Use(long threads, long files) {}

    static ProcessUse of(Cluster cluster) {
        Map<String, Use> all = new LinkedHashMap<>();
        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            List<String> names = new ArrayList<>(cluster.names("gateway"));
            names.addAll(cluster.names("worker"));
            names.addAll(List.of("access", "controller"));
            names.forEach(name -> all.put(name, use(cluster.process(name).pid())));
            all.put("parent", use(cluster.program().pid()));
        }
        return new ProcessUse(all);
    }

    private static Use use(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        return new Use(count(process.resolve("task")), count(process.resolve("fd")));
    }

    private static long count(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void assertNotOutgrownBy(ProcessUse later) {
        processes.forEach(
                (name, before) -> {
                    Use after = later.processes().getOrDefault(name, new Use(0, 0));
                    assertThat(after.threads())
                            .as("threads of " + name)
                            .isLessThan(before.threads() * 3 / 2 + SLACK);
                    assertThat(after.files())
                            .as("open files of " + name)
                            .isLessThan(before.files() * 3 / 2 + SLACK);
                });
    }
}
