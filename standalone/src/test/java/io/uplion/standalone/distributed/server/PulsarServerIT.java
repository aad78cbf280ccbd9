// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.standalone.distributed.process.ProcessException;
import io.uplion.standalone.distributed.process.ReadyCheck;
import io.uplion.standalone.distributed.process.Supervisor;
import io.uplion.testing.pulsar.PulsarHome;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// One data directory over many starts, each of which takes some seconds; so the tests are in
/// order.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PulsarServerIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String TOPIC = "uplion/tasks/some-model";
    private static final String WORKERS = "workers";

    /// With a blank and a quote: people have such directories.
    @TempDir private static Path parent;

    private static final List<String> SAID = new CopyOnWriteArrayList<>();
    private static Path data;
    private static PulsarDistribution distribution;
    private static Supervisor supervisor;
    private static PulsarServer pulsar;
    private static PulsarHttp http;

    @BeforeAll
    static void firstStart() throws IOException {
        var home = PulsarHome.find();
        assumeTrue(home.isPresent(), PulsarHome.MISSING);
        distribution =
                new PulsarDistribution(
                        Files.createSymbolicLink(parent.resolve("pulsar"), home.orElseThrow()));
        Files.writeString(distribution.cache(), "no cache");
        data = Files.createDirectories(parent.resolve("Ada's data")).toRealPath();
        start();
        http.createTopic(TOPIC, WORKERS);
    }

    @AfterAll
    static void stop() {
        if (supervisor != null) {
            supervisor.close();
        }
    }

    private static void start() {
        supervisor = Supervisor.open(data, SAID::add, new SimpleMeterRegistry());
        pulsar = PulsarServer.start(supervisor, data, distribution);
        http = new PulsarHttp(pulsar.adminUrl());
    }

    @Test
    @Order(1)
    void takesMessagesInOurNamespaces() throws IOException {
        assertThat(http.produce(TOPIC, "first").statusCode()).isEqualTo(200);
        assertThat(http.peek(TOPIC, WORKERS, 1)).isEqualTo("first");

        assertThat(http.get("/admin/v2/namespaces/uplion"))
                .contains("uplion/tasks", "uplion/dead", "uplion/system");
        assertThat(data.resolve("run/endpoints.json"))
                .content()
                .contains("\"pulsar\":\"" + pulsar.serviceUrl() + "\"")
                .contains("\"pulsar-admin\":\"" + pulsar.adminUrl() + "\"");
    }

    @Test
    @Order(1)
    void aTopicDoesNotComeIntoBeingByBeingNamed() {
        assertThat(http.produce("uplion/tasks/a-clients-string", "x").statusCode())
                .isNotEqualTo(200);
        assertThat(http.get("/admin/v2/persistent/uplion/tasks"))
                .doesNotContain("a-clients-string");
    }

    @Test
    @Order(1)
    void listensOnOneLoopbackAddress() {
        var ports = pulsar.ports();
        for (var port : List.of(ports.broker(), ports.admin(), ports.storage())) {
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
                    .isInstanceOf(IOException.class);
        }
        assertThat(http.get("/admin/v2/brokers/standalone")).contains("127.0.0.1:" + ports.admin());
    }

    /// What saves a third of the start must never cost it.
    @Test
    @Order(1)
    void startsWithTheCacheBesideItsProgramsAlsoWithABrokenOne() throws IOException {
        long process = supervisor.process("pulsar").orElseThrow().pid();

        assertThat(Path.of("/proc", Long.toString(process), "cmdline"))
                .content()
                .contains("-XX:AOTCache=" + distribution.cache());
    }

    @Test
    @Order(2)
    void aKilledBrokerComesBackOnItsPortsWithEveryMessageItHasTaken() {
        var before = supervisor.process("pulsar").orElseThrow();
        assertThat(http.produce(TOPIC, "second").statusCode()).isEqualTo(200);

        before.destroyForcibly();

        Await.until("Pulsar is back", LIMIT, () -> !SAID.isEmpty() && isHealthy());
        assertThat(supervisor.process("pulsar").orElseThrow().pid()).isNotEqualTo(before.pid());
        assertThat(SAID).containsExactly("pulsar ended with code 137; starting it again");
        assertThat(http.peek(TOPIC, WORKERS, 1)).isEqualTo("first");
        assertThat(http.peek(TOPIC, WORKERS, 2)).isEqualTo("second");
    }

    private static boolean isHealthy() {
        try {
            var address = URI.create(pulsar.adminUrl() + "/admin/v2/brokers/health");
            return ReadyCheck.http(address).isReady();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    @Order(3)
    void theBrokerOfAKilledPlatformIsReplacedOnItsPortsWithItsMessages() throws Exception {
        var ports = pulsar.ports();
        supervisor.close();
        assertThat(data.resolve("run/pulsar.pid")).doesNotExist();
        var platform = startPlatform();
        assertThat(http.produce(TOPIC, "third").statusCode()).isEqualTo(200);
        var orphan = supervisorsChild();
        platform.destroyForcibly().waitFor();
        assertThat(orphan.isAlive()).isTrue();

        start();

        assertThat(orphan.onExit().get(1, TimeUnit.SECONDS).isAlive()).isFalse();
        assertThat(pulsar.ports()).isEqualTo(ports);
        assertThat(http.peek(TOPIC, WORKERS, 2)).isEqualTo("second");
        assertThat(http.peek(TOPIC, WORKERS, 3)).isEqualTo("third");
    }

    @Test
    @Order(4)
    void portsThatSomebodyTookAreReplacedAndTheMessagesAreThere() throws Exception {
        var ports = pulsar.ports();
        supervisor.close();
        var loopback = InetAddress.getByName("127.0.0.1");
        try (var _ = new ServerSocket(ports.broker(), 1, loopback);
                var _ = new ServerSocket(ports.admin(), 1, loopback)) {
            start();

            assertThat(pulsar.ports().broker()).isNotEqualTo(ports.broker());
            assertThat(pulsar.ports().admin()).isNotEqualTo(ports.admin());
            assertThat(pulsar.ports().storage()).isEqualTo(ports.storage());
            assertThat(http.peek(TOPIC, WORKERS, 3)).isEqualTo("third");
            assertThat(http.produce(TOPIC, "fourth").statusCode()).isEqualTo(200);
        }
    }

    @Test
    @Order(5)
    void aStorageWhosePortSomebodyTookIsAnErrorInWords() throws Exception {
        var port = pulsar.ports().storage();
        supervisor.close();
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(PulsarServerIT::start)
                    .isInstanceOf(ProcessException.class)
                    .hasMessageContaining("port " + port + " of 127.0.0.1 is taken");
        }
    }

    @Test
    void aDirectoryThatHoldsNoPulsarIsAnErrorInWords() {
        assertThatThrownBy(() -> new PulsarDistribution(parent))
                .isInstanceOf(ProcessException.class)
                .hasMessageContaining("holds no Pulsar");
        assertThatThrownBy(() -> PulsarDistribution.find(Map.of()))
                .isInstanceOf(ProcessException.class)
                .hasMessageContaining("UPLION_PULSAR_HOME");
    }

    private static ProcessHandle supervisorsChild() throws IOException {
        var pid = Files.readString(data.resolve("run/pulsar.pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static Process startPlatform() throws IOException {
        var line =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldPulsar.class.getName(),
                        data.toString(),
                        distribution.home().toString());
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        var reader = process.inputReader();
        for (var text = reader.readLine(); text != null; text = reader.readLine()) {
            if (text.equals(HoldPulsar.READY)) {
                return process;
            }
        }
        throw new AssertionError("the platform did not start");
    }
}
