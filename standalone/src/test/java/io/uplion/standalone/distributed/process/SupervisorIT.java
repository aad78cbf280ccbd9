// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir private Path parent;

    private Path data;
    private Supervisor supervisor;
    private final List<String> said = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        // With a blank and a quote: people have such directories.
        data = Files.createDirectories(parent.resolve("Ada's data")).toRealPath();
        supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        supervisor.close();
        assertThat(run("endpoints.json")).doesNotExist();
        assertThat(run("worker-1.pid")).doesNotExist();
    }

    @Test
    void readyChildrenHavePidFileLogAndAddress() throws IOException {
        supervisor.endpoints().put("proxy", "http://127.0.0.1:8080");
        start("worker-1", Map.of());

        assertThat(pid("worker-1")).isEqualTo(process("worker-1").pid());
        assertThat(run("worker-1.log"))
                .content()
                .contains("worker-1 is process " + pid("worker-1"));
        assertThat(run("endpoints.json"))
                .content()
                .isEqualTo(
                        "{\"proxy\":\"http://127.0.0.1:8080\",\"worker-1\":\"%s\"}"
                                .formatted(url("worker-1")));
        assertThat(mode("run/endpoints.json")).isEqualTo("rw-------");
        assertThat(mode("run")).isEqualTo("rwx------");

        supervisor.stop(List.of("worker-1"));

        assertThat(run("endpoints.json")).content().doesNotContain("worker-1").contains("proxy");
        assertThat(said).isEmpty();
    }

    @Test
    void logOfOneThatPrintsMuchIsPutAsideWhileItRuns() throws Exception {
        start("worker-1", Map.of());
        var process = process("worker-1");
        try (var log = new RandomAccessFile(run("worker-1.log").toFile(), "rw")) {
            log.setLength((64L << 20) + 1);
        }

        Await.until("it is put aside", LIMIT, () -> Files.exists(run("worker-1.log.1")));
        Await.until("it is short", LIMIT, () -> run("worker-1.log").toFile().length() < 1000);
        assertThat(process.isAlive()).isTrue();
        assertThat(said).isEmpty();
    }

    @Test
    void oneThatDiesIsStartedAgainOnItsPortAndThatIsSaid() throws Exception {
        start("worker-1", Map.of());
        var first = process("worker-1");
        var url = url("worker-1");
        var addresses = Files.readString(run("endpoints.json"));

        first.destroyForcibly();

        Await.until("it is back", LIMIT, () -> isReady(url));
        assertThat(said).containsExactly("worker-1 ended with code 137; starting it again");
        assertThat(process("worker-1").pid()).isNotEqualTo(first.pid()).isEqualTo(pid("worker-1"));
        assertThat(run("endpoints.json")).content().isEqualTo(addresses);
        assertThat(run("worker-1.log")).content().contains("process " + first.pid());

        process("worker-1").destroyForcibly();
        Await.until("it is back a second time", LIMIT, () -> said.size() == 2 && isReady(url));
    }

    @Test
    void oneThatDoesNotStartShowsTheEndOfItsLog() {
        assertThatThrownBy(() -> start("worker-1", Map.of("CHILD_FAILS", "1")))
                .isInstanceOf(ProcessException.class)
                .hasMessageStartingWith("worker-1 ended with code 3 while it started")
                .hasMessageContaining(run("worker-1.log").toString())
                .hasMessageEndingWith("\n  there is no way to do this");
        assertThat(said).isEmpty();
    }

    @Test
    void oneThatIsNeverReadyIsNotWaitedForForEver() {
        var spec = spec("worker-1", Map.of("CHILD_NEVER_READY", "1"));
        var hasty = new ChildSpec.Limits(Duration.ofSeconds(3), Duration.ofSeconds(5));
        var child = new ChildSpec(spec.name(), spec.command(), spec.ready(), Map.of(), hasty);

        assertThatThrownBy(() -> supervisor.start(List.of(child)))
                .isInstanceOf(ProcessException.class)
                .hasMessageStartingWith("worker-1 was not ready after 3 s");

        process("worker-1").destroyForcibly();
        Await.until("it is watched all the same", LIMIT, () -> !said.isEmpty());
        assertThat(said).containsExactly("worker-1 ended with code 137; starting it again");
    }

    @Test
    void aProgramThatIsNotThereIsAnErrorInWords() {
        var program = new Command.Program(List.of("no-such-program"), data, Map.of());
        var limits = new ChildSpec.Limits(LIMIT, LIMIT);
        var child = new ChildSpec("redis", program, () -> false, Map.of(), limits);

        assertThatThrownBy(() -> supervisor.start(List.of(child)))
                .isInstanceOf(ProcessException.class)
                .hasMessageStartingWith("redis ended with code")
                .hasMessageContaining("no-such-program");
    }

    /// Each takes seconds to stop, and there may be many.
    @Test
    void whatWasStartedTogetherIsStoppedTogether() {
        var stays = Map.of("CHILD_STAYS", "1");
        supervisor.start(
                List.of(spec("worker-1", stays), spec("worker-2", stays), spec("worker-3", stays)));
        long began = System.nanoTime();

        supervisor.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("each is killed after two seconds")
                .isLessThan(Duration.ofSeconds(5));
        assertThat(ends()).hasSize(3);
    }

    @Test
    void lastStartedIsStoppedFirst() throws IOException {
        start("redis", Map.of());
        start("worker-1", Map.of());
        start("gateway-1", Map.of());

        supervisor.close();

        assertThat(ends()).containsExactly("gateway-1", "worker-1", "redis");
        assertThat(said).isEmpty();
    }

    @Test
    void oneThatDoesNotStopIsKilledAfterItsGrace() {
        start("worker-1", Map.of("CHILD_STAYS", "1"));
        var process = process("worker-1");

        supervisor.stop(List.of("worker-1"));

        assertThat(process.isAlive()).isFalse();
        assertThat(run("worker-1.pid")).doesNotExist();
    }

    /// How long answers may take that a gateway waits for is only known then.
    @Test
    void graceIsWhatItIsWhenTheChildIsStopped() {
        var grace = new AtomicReference<>(Duration.ofMinutes(1));
        var spec = spec("worker-1", Map.of("CHILD_STAYS", "1"));
        var limits = new ChildSpec.Limits(LIMIT, grace::get);
        supervisor.start(
                List.of(
                        new ChildSpec(
                                spec.name(), spec.command(), spec.ready(), Map.of(), limits)));
        var process = process("worker-1");
        grace.set(Duration.ofSeconds(1));

        var stopped = CompletableFuture.runAsync(() -> supervisor.stop(List.of("worker-1")));

        Await.until("it is killed", LIMIT, () -> !process.isAlive());
        stopped.join();
    }

    @Test
    void oneThatIsBeingStartedAgainCanBeStopped() {
        start("worker-1", Map.of());
        for (int i = 1; i <= 3; i++) {
            var times = i;
            process("worker-1").destroyForcibly();
            Await.until("it is said", LIMIT, () -> said.size() == times);
            Await.until("it runs", LIMIT, () -> supervisor.process("worker-1").isPresent());
        }
        process("worker-1").destroyForcibly();
        Await.until("it is said", LIMIT, () -> said.size() == 4);

        supervisor.stop(List.of("worker-1"));

        assertThat(supervisor.process("worker-1")).isEmpty();
    }

    @Test
    void childrenOfAKilledParentAreNotLeftBehind() throws Exception {
        supervisor.close();
        var killed = startParent();
        var ours = ProcessHandle.of(pid("worker-1")).orElseThrow();
        var foreign = ProcessHandle.of(pid("tail")).orElseThrow();

        killed.destroyForcibly().waitFor();

        ours.onExit().get(10, TimeUnit.SECONDS);
        assertThat(ends()).containsExactly("worker-1");
        assertThat(foreign.isAlive()).isTrue();

        supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());

        assertThat(foreign.isAlive()).isFalse();
        assertThat(run("tail.pid")).doesNotExist();
        assertThat(run("endpoints.json")).doesNotExist();
    }

    @Test
    void aPidFileWhoseNumberBelongsToAnotherProgramIsForgotten() throws IOException {
        supervisor.close();
        var another = new ProcessBuilder("tail", "-f", "/dev/null").start();
        try {
            Files.writeString(run("worker-1.pid"), another.pid() + "\n");
            Files.setLastModifiedTime(
                    run("worker-1.pid"), FileTime.from(Instant.now().minusSeconds(60)));

            supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());

            assertThat(run("worker-1.pid")).doesNotExist();
            assertThat(another.isAlive()).isTrue();
        } finally {
            another.destroyForcibly();
        }
    }

    /// Numbers begin anew with a container, and a start may follow a kill at once.
    @Test
    void aPidFileWithOurOwnNumberIsForgotten() throws IOException {
        supervisor.close();
        var pid = ProcessHandle.current();
        Files.writeString(run("worker-1.pid"), pid.pid() + "\n");
        Files.setLastModifiedTime(
                run("worker-1.pid"), FileTime.from(pid.info().startInstant().orElseThrow()));

        supervisor = Supervisor.open(data, said::add, new SimpleMeterRegistry());

        assertThat(run("worker-1.pid")).doesNotExist();
    }

    @Test
    void ourSecretsAreNotInTheEnvironmentOfForeignPrograms() throws Exception {
        var out = data.resolve("environment");
        var line = List.of("sh", "-c", "env > environment; exec tail -f ports.properties");
        var program = new Command.Program(line, data, Map.of("GIVEN", "yes"));
        Files.writeString(data.resolve("ports.properties"), "");
        var limits = new ChildSpec.Limits(LIMIT, Duration.ofSeconds(5));
        supervisor.start(
                List.of(
                        new ChildSpec(
                                "redis", program, () -> Files.exists(out), Map.of(), limits)));

        assertThat(Files.readAllLines(out))
                .contains("GIVEN=yes")
                .allMatch(
                        it ->
                                it.matches(
                                        "(PATH|HOME|TMPDIR|LANG|TZ|LC_\\w+|GIVEN|PWD|_|SHLVL|OLDPWD)=.*"));
    }

    private Process startParent() throws IOException {
        var line =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SupervisingMain.class.getName(),
                        data.toString());
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        var reader = process.inputReader();
        for (var text = reader.readLine(); text != null; text = reader.readLine()) {
            if (text.equals(SupervisingMain.READY)) {
                return process;
            }
        }
        throw new AssertionError("the parent did not start its children");
    }

    private void start(String name, Map<String, String> environment) {
        supervisor.start(List.of(spec(name, environment)));
    }

    private ChildSpec spec(String name, Map<String, String> environment) {
        return child(name, supervisor.ports().port(name), data, environment);
    }

    static ChildSpec child(String name, int port, Path data, Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("CHILD_NAME", name);
        environment.put("CHILD_PORT", Integer.toString(port));
        environment.put("CHILD_ENDS", data.resolve("ends").toString());
        var url = "http://127.0.0.1:" + port;
        return new ChildSpec(
                name,
                new Command.Java(
                        ChildMain.class.getName(),
                        List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        environment),
                ReadyCheck.http(URI.create(url + "/readyz")),
                Map.of(name, url),
                new ChildSpec.Limits(LIMIT, Duration.ofSeconds(2)));
    }

    private String url(String name) {
        return "http://127.0.0.1:" + supervisor.ports().port(name);
    }

    private static boolean isReady(String url) {
        try {
            return ReadyCheck.http(URI.create(url + "/readyz")).isReady();
        } catch (IOException _) {
            return false;
        }
    }

    private ProcessHandle process(String name) {
        return supervisor.process(name).orElseThrow();
    }

    private long pid(String name) throws IOException {
        return Long.parseLong(Files.readString(run(name + ".pid")).strip());
    }

    private Path run(String file) {
        return data.resolve("run").resolve(file);
    }

    private List<String> ends() {
        try {
            return Files.readAllLines(data.resolve("ends"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(path)));
    }
}
