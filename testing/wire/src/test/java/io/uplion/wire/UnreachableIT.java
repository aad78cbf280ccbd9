// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.FromWorker;
import io.uplion.task.Task;
import io.uplion.testing.external.FreePort;
import io.uplion.testing.fault.FaultProxy;
import io.uplion.testing.wait.Await;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gateways that are not there.
class UnreachableIT {
    /// The promise is 1 s; the rest is for a busy machine.
    private static final Duration SOON = Duration.ofMillis(2500);

    private final FakeGateway gateway = new FakeGateway();
    private final GrpcReplyDesk desk = GrpcReplyDesk.start(GrpcReplyDeskConfig.DEFAULT);

    @AfterEach
    void stop() {
        desk.close();
    }

    private static Task.Gateway life(int port) {
        return new Task.Gateway("127.0.0.1:" + port, UUID.randomUUID());
    }

    private FromGateway firstWord(Task.Gateway self, Duration limit) {
        var ear = new Ear();
        desk.attach(gateway.waits(self), ear);
        return ear.await(1, limit).getFirst();
    }

    @Test
    void refusedConnectionIsALostGateway() {
        assertThat(firstWord(life(FreePort.find()), SOON)).isEqualTo(new Lost(false));
    }

    @Test
    void silentAddressIsALostGatewayAfterASecond() throws IOException {
        try (var silent = new ServerSocket(0)) {
            long before = System.nanoTime();
            assertThat(firstWord(life(silent.getLocalPort()), SOON)).isEqualTo(new Lost(false));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    /// Whoever asks again and again must not wait a second each time.
    @Test
    void lostGatewayIsNotTriedAgainForAWhile() throws IOException {
        try (var silent = new ServerSocket(0)) {
            var self = life(silent.getLocalPort());
            firstWord(self, SOON);
            var ear = new Ear();
            desk.attach(gateway.waits(self), ear);

            assertThat(ear.heard()).as("before attach returns").containsExactly(new Lost(false));
        }
    }

    @Test
    void gatewayStartedAnewOnTheAddressIsTriedAtOnce() {
        int port = FreePort.find();
        assertThat(firstWord(life(port), SOON)).isEqualTo(new Lost(false));
        try (var _ = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", port), gateway)) {
            gateway.onAttach(stream -> stream.say(new Go(1, new byte[0])));

            assertThat(firstWord(life(port), SOON)).isInstanceOf(Go.class);
        }
    }

    @Test
    void lostGatewayIsTriedAgainAsSoonAsItsAddressAnswers() {
        int port = FreePort.find();
        var lost = life(port);
        assertThat(firstWord(lost, SOON)).isEqualTo(new Lost(false));
        try (var _ = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", port), gateway)) {
            gateway.onAttach(stream -> stream.say(new Go(1, new byte[0])));
            firstWord(life(port), SOON);

            assertThat(firstWord(lost, SOON)).isInstanceOf(Go.class);
        }
    }

    /// A stopped process, or a machine under load: the connection comes late, and is used then.
    @Test
    void connectionThatComesLateIsUsed() {
        try (var server = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", 0), gateway);
                var proxy = FaultProxy.before("127.0.0.1", server.port())) {
            gateway.onAttach(stream -> stream.say(new Go(1, new byte[0])));
            var self = new Task.Gateway(proxy.address(), UUID.randomUUID());
            proxy.blackHole();
            assertThat(firstWord(self, SOON)).isEqualTo(new Lost(false));
            proxy.heal();

            Await.until(
                    "the gateway is tried again",
                    Duration.ofSeconds(10),
                    () -> firstWord(self, SOON) instanceof Go);
        }
    }

    /// It is there and takes the stream, and says nothing to it: a fault of the gateway's own.
    @Test
    void gatewayThatDoesNotAnswerIsGivenUp() {
        var standard = GrpcReplyDeskConfig.DEFAULT;
        var impatient =
                new GrpcReplyDeskConfig(
                        standard.connect(),
                        Duration.ofMillis(1500),
                        standard.unreachable(),
                        standard.queuedBytes(),
                        standard.keepAlive(),
                        standard.keepAliveTimeout(),
                        standard.idle(),
                        standard.maxIdle());
        try (var line = Line.open(impatient)) {
            var answered = line.granted();
            var ear = new Ear();
            line.desk().attach(line.gateway().waits(line.self()), ear);
            var there = line.gateway().next();

            assertThat(ear.await(1, Duration.ofSeconds(5))).containsExactly(new Lost(false));
            there.awaitClosed(Duration.ofSeconds(5));
            assertThat(answered.ear().count()).isEqualTo(1);
            assertThat(line.granted().ear().count()).isEqualTo(1);
        }
    }

    @Test
    void restartedGatewayKnowsNothingOfTheTasksOfItsLastLife() {
        int port = FreePort.find();
        var before = life(port);
        var attach = gateway.waits(before);
        try (var _ = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", port), gateway)) {
            gateway.onAttach(stream -> stream.say(new Go(1, new byte[0])));
            var ear = new Ear();
            desk.attach(attach, ear);
            ear.await(1);
        }
        var restarted = new FakeGateway();
        try (var _ = ReplyServer.start(ReplyServerConfig.at("127.0.0.1", port), restarted)) {
            var ear = new Ear();
            desk.attach(attach, ear);

            assertThat(ear.await(1)).containsExactly(Done.FORGET);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local",
                "gateway:",
                ":8090",
                "gateway:port",
                "gateway:99999",
                "a b:1",
                "[::1"
            })
    void addressThatIsNoneIsALostGateway(String address) {
        var self = new Task.Gateway(address, UUID.randomUUID());
        assertThat(firstWord(self, SOON)).isEqualTo(new Lost(false));
    }

    @Test
    void nameThatIsUnknownIsALostGateway() {
        var self = new Task.Gateway("no-such-host.invalid:8090", UUID.randomUUID());
        assertThat(firstWord(self, SOON)).isEqualTo(new Lost(false));
    }

    @Test
    void whatIsSaidToALostGatewayIsIgnored() {
        var ear = new Ear();
        var stream = desk.attach(gateway.waits(life(FreePort.find())), ear);
        ear.await(1, SOON);
        stream.send(new FromWorker.End(TokenUsage.of(3, 4)));
        stream.close();
        stream.close();

        assertThat(ear.heard()).containsExactly(new Lost(false));
    }

    @Test
    void closedDeskSaysAtOnceThatTheGatewayIsLost() {
        desk.close();
        var ear = new Ear();
        desk.attach(gateway.waits(life(FreePort.find())), ear);

        assertThat(ear.heard()).containsExactly(new Lost(false));
    }
}
