// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators see of the processes.
class ShownProcessesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private Path data;
    private Supervisor supervisor;

    @BeforeEach
    void open() throws IOException {
        data = directory.toRealPath();
        supervisor = Supervisor.open(data, said::add, meters);
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void whoseProcessLivesIsShown() {
        supervisor.start(List.of(spec("worker-1"), spec("worker-2")));
        assertThat(up("worker-1").value()).isOne();
        assertThat(restarts("worker-1")).isZero();

        // Between its end and its next start there is a pause.
        supervisor.process("worker-1").orElseThrow().destroyForcibly();
        Await.until("it is shown", LIMIT, () -> up("worker-1").value() == 0);
        assertThat(up("worker-2").value()).isOne();
        Await.until("it is back", LIMIT, () -> up("worker-1").value() == 1);
        Await.until("it is counted", LIMIT, () -> restarts("worker-1") == 1);

        supervisor.stop(List.of("worker-1"));
        assertThat(meters.find("uplion.process.up").gauges())
                .extracting(gauge -> gauge.getId().getTag("process"))
                .containsExactly("worker-2");
    }

    @Test
    void whatSomebodyElseStartsIsShownLikeAChild() throws IOException {
        Files.writeString(data.resolve("postgres.log"), "ready");
        var shown = supervisor.show("postgres", data.resolve("postgres.log"));
        assertThat(up("postgres").value()).isZero();

        shown.began(ProcessHandle.current());
        assertThat(pid("postgres")).isEqualTo(ProcessHandle.current().pid());
        assertThat(data.resolve("run/postgres.log")).hasContent("ready");
        assertThat(up("postgres").value()).isOne();

        shown.died();
        assertThat(said).containsExactly("postgres ended; starting it again");
        assertThat(data.resolve("run/postgres.pid")).doesNotExist();
        assertThat(up("postgres").value()).isZero();

        shown.began(ProcessHandle.current());
        assertThat(restarts("postgres")).isOne();
        ForeignProcess.forget(data.resolve("run"), "postgres");
        assertThat(data.resolve("run/postgres.pid")).doesNotExist();
    }

    private long pid(String name) throws IOException {
        return Long.parseLong(Files.readString(data.resolve("run/" + name + ".pid")).strip());
    }

    private ChildSpec spec(String name) {
        return SupervisorIT.child(name, supervisor.ports().port(name), data, Map.of());
    }

    private Gauge up(String name) {
        return meters.get("uplion.process.up").tag("process", name).gauge();
    }

    private double restarts(String name) {
        return meters.get("uplion.process.restarts").tag("process", name).functionCounter().count();
    }
}
