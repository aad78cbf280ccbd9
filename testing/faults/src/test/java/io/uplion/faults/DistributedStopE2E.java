// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Ctrl-C, with a cluster of its own.
class DistributedStopE2E {
    private static final Duration END = Duration.ofSeconds(120);

    @Test
    void ctrlCFinishesTheRunningStreamsAndStopsEveryProcess() throws IOException {
        try (var cluster = Cluster.start(Cluster.directory(), 2, Map.of());
                var load = cluster.load()) {
            cluster.provider().script("fake", "tokens=60;interval=100ms");
            var streams = load.start(6, _ -> Ask.stream("fake").hungAfter(END)).awaitSpoken(6, END);
            var processes = processes(cluster);
            assertThat(processes).hasSizeGreaterThanOrEqualTo(10);

            cluster.program().signal("INT");

            assertThat(streams.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(cluster.program().awaitEnd(END)).isZero();
            assertThat(cluster.program().output()).contains("stopping: ");
            for (var process : processes) {
                Await.until(process + " is gone", END, () -> !process.isAlive());
            }
            try (var files = Files.list(cluster.data().resolve("run"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .isNotEmpty()
                        .noneMatch(name -> name.endsWith(".pid"))
                        .doesNotContain("endpoints.json");
            }
        }
    }

    /// The parent and all that it has started.
    private static List<ProcessHandle> processes(Cluster cluster) throws IOException {
        var processes = new ArrayList<ProcessHandle>();
        processes.add(ProcessHandle.of(cluster.program().pid()).orElseThrow());
        try (var files = Files.list(cluster.data().resolve("run"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pid"))
                    .map(name -> cluster.process(name.replace(".pid", "")))
                    .forEach(processes::add);
        }
        return processes;
    }
}
