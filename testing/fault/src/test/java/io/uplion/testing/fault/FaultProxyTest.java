// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int QUIET_MILLIS = 150;

    private final EchoServer target = EchoServer.mute();
    private final FaultProxy proxy = FaultProxy.before("127.0.0.1", target.port());

    FaultProxyTest() throws IOException {}

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        target.close();
    }

    private static Socket connect(FaultProxy to) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static void send(Socket from, String text) throws IOException {
        from.getOutputStream().write(text.getBytes());
    }

    private static void assertHears(Socket socket, String text) throws IOException {
        socket.setSoTimeout(5_000);
        assertThat(socket.getInputStream().readNBytes(text.length())).asString().isEqualTo(text);
    }

    /// No byte, no end, no reset.
    private static void assertHearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void bytesAndEndsPass() throws Exception {
        var sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (var echo = EchoServer.echoing();
                var through = FaultProxy.before("http://127.0.0.1:" + echo.port() + "/v1");
                var client = connect(through)) {
            var back = reading(() -> client.getInputStream().readAllBytes());
            client.getOutputStream().write(sent);
            client.shutdownOutput();

            assertThat(back.get()).isEqualTo(sent);
            Await.until("the link is over", SOON, () -> through.connections() == 0);
        }
    }

    private static <T> Future<T> reading(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    @Test
    void blackHoleMovesNoByteAndNoEndAndHealingMovesThemOn() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            send(client, "before");
            assertHears(server, "before");

            proxy.blackHole();
            send(client, "question");
            send(server, "answer");
            server.shutdownOutput();
            assertHearsNothing(client);
            assertHearsNothing(server);

            proxy.heal();
            assertHears(server, "question");
            assertHears(client, "answer");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void blackHoleHidesTheDeathOfTheOtherSide() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.blackHole();
            server.setSoLinger(true, 0);
            server.close();
            assertHearsNothing(client);

            proxy.heal();
            client.setSoTimeout(5_000);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void connectionIntoABlackHoleIsTakenAndGetsNowhere() throws Exception {
        proxy.blackHole();
        try (var client = connect(proxy)) {
            send(client, "hello");
            assertHearsNothing(client);
            assertThat(target.waiting()).isZero();

            proxy.heal();
            assertHears(target.next(), "hello");
        }
    }

    @Test
    void blackHoleInOneDirectionLetsTheOtherPass() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.blackHole(Direction.TO_CLIENT);
            send(client, "question");
            send(server, "answer");
            assertHears(server, "question");
            assertHearsNothing(client);
        }
    }

    /// The receiver's reset is news for the sender, and that is swallowed too.
    @Test
    void blackHoleHidesThatNobodyReads() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.blackHole(Direction.TO_CLIENT);
            server.setSoLinger(true, 0);
            server.close();
            send(client, "one");
            send(client, "two");
            assertHearsNothing(client);
        }
    }

    @Test
    void latencyDelaysWithoutLoweringTheRate() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.latency(Duration.ofMillis(200));
            var start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                send(client, "0123456789");
            }
            assertHears(server, "0123456789".repeat(20));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
        }
    }

    @Test
    void healingDoesNotWaitForADelay() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.latency(Duration.ofHours(1));
            send(client, "late");
            assertHearsNothing(server);
            proxy.heal();
            assertHears(server, "late");
        }
    }

    @Test
    void bandwidthIsLimited() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.bandwidth(100_000);
            var start = System.nanoTime();
            send(client, "x".repeat(50_000));
            assertThat(server.getInputStream().readNBytes(50_000)).hasSize(50_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(10));
        }
    }

    @Test
    void resetReachesBothSidesAndNewConnectionsAreTaken() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.resetAll();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            server.setSoTimeout(5_000);
            assertThatThrownBy(() -> server.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            Await.until("the link is over", SOON, () -> proxy.connections() == 0);
        }
        try (var client = connect(proxy)) {
            send(client, "again");
            assertHears(target.next(), "again");
        }
    }

    @Test
    void resetWorksInABlackHole() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.blackHole().resetAll();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            server.setSoTimeout(5_000);
            assertThatThrownBy(() -> server.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusingConcernsNewConnectionsOnlyAndKeepsThePort() throws Exception {
        var port = proxy.port();
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.refuseNew().refuseNew();
            assertThatThrownBy(() -> connect(proxy)).isInstanceOf(ConnectException.class);
            send(client, "still here");
            assertHears(server, "still here");

            proxy.heal().heal();
            assertThat(proxy.port()).isEqualTo(port);
            try (var later = connect(proxy)) {
                send(later, "new");
                assertHears(target.next(), "new");
            }
        }
    }

    @Test
    void resetOfOneSidePassesToTheOther() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            client.setSoLinger(true, 0);
            client.close();
            server.setSoTimeout(5_000);
            assertThatThrownBy(() -> server.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void receiverThatDoesNotReadStopsTheSender() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            server.setReceiveBufferSize(16 * 1024);
            client.setSendBufferSize(16 * 1024);
            var taken = new long[1];
            var writer =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (taken[0] < 200_000_000) {
                                                send(client, "x".repeat(10_000));
                                                taken[0] += 10_000;
                                            }
                                        } catch (IOException e) {
                                            // the test is over
                                        }
                                    });
            assertThat(writer.join(Duration.ofMillis(500))).as("the sender waits").isFalse();
            assertThat(taken[0]).isLessThan(20_000_000);
        }
    }

    @Test
    void missingTargetIsAReset() throws Exception {
        target.close();
        try (var client = connect(proxy)) {
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void blackHoleHidesThatTheTargetIsMissing() throws Exception {
        target.close();
        proxy.blackHole(Direction.TO_CLIENT);
        try (var client = connect(proxy)) {
            assertHearsNothing(client);
        }
    }

    @Test
    void manyConnectionsPassAtOnce() throws Exception {
        try (var echo = EchoServer.echoing();
                var through = FaultProxy.before("127.0.0.1", echo.port());
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<byte[]>>();
            for (int i = 0; i < 300; i++) {
                var text = ("client " + i + " ").repeat(5_000);
                answers.add(
                        clients.submit(
                                () -> {
                                    try (var client = connect(through)) {
                                        Thread.ofVirtual().start(() -> sendAll(client, text));
                                        return client.getInputStream().readAllBytes();
                                    }
                                }));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get())
                        .asString()
                        .isEqualTo(("client " + i + " ").repeat(5_000));
            }
        }
    }

    private static void sendAll(Socket client, String text) {
        try {
            send(client, text);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingEndsEverythingAlsoInABlackHole() throws Exception {
        try (var client = connect(proxy);
                var server = target.next()) {
            proxy.blackHole();
            send(client, "lost");
            proxy.close();
            assertThat(proxy.connections()).isZero();
            assertThatThrownBy(() -> connect(proxy)).isInstanceOf(ConnectException.class);
            server.setSoTimeout(5_000);
            assertThat(endOf(server)).isTrue();
            assertThat(endOf(client)).isTrue();
        }
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }
}
