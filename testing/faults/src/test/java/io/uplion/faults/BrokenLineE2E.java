// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.fault.FaultProxy;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The line between workers and a gateway breaks while both live: R2. A cluster of its own, because
/// its gateway tells the workers to come through a proxy that fails on request.
class BrokenLineE2E {
    private static final Duration END = Duration.ofSeconds(90);
    private static final String MODEL = "line-faults";

    /// Keep-alives find a silent peer within 15 s; then the gateway speaks to its clients.
    private static final Duration AFTER_SILENCE = Duration.ofSeconds(16);

    @RegisterExtension
    static final EndsInTheChecker CHECKER = new EndsInTheChecker(() -> BrokenLineE2E.cluster);

    private static FaultProxy proxy;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        var data = Cluster.directory();
        int port = freePort();
        keep(data, port);
        proxy = FaultProxy.before("127.0.0.1", port);
        cluster = Cluster.start(data, 1, Map.of("UPLION_GATEWAY_REPLY_ADDRESS", proxy.address()));
        cluster.model(MODEL, "tokens=400;interval=100ms;mark=serial", "  concurrency: 20\n");
    }

    /// The program takes the ports that it had before.
    private static void keep(Path data, int replyPort) throws IOException {
        var run = Files.createDirectories(data.resolve("run"));
        Files.writeString(run.resolve("ports.properties"), "gateway-1-reply=" + replyPort + "\n");
    }

    /// None that the system gives to outgoing connections.
    private static int freePort() {
        var random = new Random();
        while (true) {
            int port = random.nextInt(15_000, 32_000);
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                // The next.
            }
        }
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    /// Nobody hears anything, not even the end of a connection: both sides find it out by
    /// themselves.
    @Test
    void silentLineIsFoundByBothSidesWithinFifteenSeconds() {
        try (var load = cluster.load()) {
            cluster.witness().allow(Rules.STRICT.stopWithin(AFTER_SILENCE));
            var volley = load.start(30, _ -> Ask.stream(MODEL).hungAfter(END)).awaitSpoken(30, END);
            assertThat(proxy.connections()).as("workers come this way").isPositive();
            proxy.blackHole();
            long at = System.nanoTime();
            var seen = volley.awaitEnd(END);

            assertThat(seen).allMatch(one -> one.is(Kind.ERROR_EVENT));
            assertThat(last(seen, at)).isLessThan(AFTER_SILENCE);
            cluster.provider().awaitInFlight(0, AFTER_SILENCE);
            proxy.resetAll().heal();
            cluster.provider().script(MODEL, "tokens=5;mark=serial");
            assertThat(cluster.answers(MODEL)).isTrue();
        } finally {
            cluster.provider().script(MODEL, "tokens=400;interval=100ms;mark=serial");
        }
    }

    @Test
    void lineThatIsResetBreaksAnswersAtOnceAndTheNextOnesAreWhole() {
        try (var load = cluster.load()) {
            var volley = load.start(30, _ -> Ask.stream(MODEL).hungAfter(END)).awaitSpoken(30, END);
            proxy.resetAll();
            long at = System.nanoTime();
            var seen = volley.awaitEnd(END);
            cluster.provider().script(MODEL, "tokens=5;mark=serial");
            var next = load.start(30, _ -> Ask.stream(MODEL).hungAfter(END)).awaitEnd(END);

            assertThat(seen).allMatch(one -> one.is(Kind.ERROR_EVENT));
            assertThat(last(seen, at)).isLessThan(Duration.ofSeconds(5));
            assertThat(next).allMatch(one -> one.is(Kind.COMPLETED));
        } finally {
            cluster.provider().script(MODEL, "tokens=400;interval=100ms;mark=serial");
        }
    }

    /// Workers that cannot reach the gateway hand its tasks back until they can.
    @Test
    void tasksOutliveALineThatIsSilentWhenTheyCome() {
        cluster.provider().script(MODEL, "tokens=5;mark=serial");
        try (var load = cluster.load()) {
            proxy.blackHole();
            var volley = load.start(4, _ -> Ask.stream(MODEL).hungAfter(END));
            cluster.witness().awaitTasks(4);
            proxy.resetAll().heal();
            var seen = volley.awaitEnd(END);

            assertThat(seen).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(cluster.witness().calls(seen)).as("each is asked once").hasSize(4);
        } finally {
            cluster.provider().script(MODEL, "tokens=400;interval=100ms;mark=serial");
        }
    }

    private static Duration last(List<Observation> seen, long since) {
        long last = seen.stream().mapToLong(one -> one.end().atNanos()).max().orElseThrow();
        return Duration.ofNanos(last - since);
    }
}
