// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.Task;
import io.uplion.task.wire.ReplyWire;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Those who reach a gateway's port and are no workers, or bad ones.
class StrangersIT {
    private final FakeGateway gateway = new FakeGateway();
    private final ReplyServer server =
            ReplyServer.start(ReplyServerConfig.at("127.0.0.1", 0), gateway);
    private final Stranger stranger = new Stranger(server.port());
    private final Task.Gateway self =
            new Task.Gateway("127.0.0.1:" + server.port(), new UUID(1, 1));

    @AfterEach
    void stop() {
        stranger.close();
        server.close();
    }

    private void assertRefused(Metadata headers) {
        var status = stranger.call(headers).awaitClosed();
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void whoDoesNotSayWhomTheyMeanIsRefused() {
        assertRefused(new Metadata());
        assertRefused(Stranger.opening(new byte[0]));
        assertRefused(Stranger.opening("nonsense".getBytes(StandardCharsets.UTF_8)));
        assertRefused(
                ReplyWire.write(
                        new Attach(UUID.randomUUID(), self, "n".repeat(200), "pool", "worker")));
        assertThat(gateway.asked()).isZero();
    }

    @Test
    void refusalSaysWhatWasWrongAndNotTheSecret() {
        var tooLong = new Attach(UUID.randomUUID(), self, "geheim".repeat(50), "pool", "worker");
        var status = stranger.call(ReplyWire.write(tooLong)).awaitClosed();

        assertThat(status.getDescription()).contains("attach.nonce").doesNotContain("geheim");
    }

    @Test
    void headersThatAreTooLargeAreRefused() {
        var status = stranger.call(Stranger.opening(new byte[64 << 10])).awaitClosed();

        assertThat(status.isOk()).isFalse();
        assertThat(gateway.asked()).isZero();
    }

    @Test
    void streamOfAWorkerThatTalksNonsenseIsClosed() {
        for (byte[] nonsense :
                new byte[][] {
                    new byte[0],
                    "nonsense".getBytes(StandardCharsets.UTF_8),
                    {0x7a, 0},
                    {10, 2, 8, 1}
                }) {
            var call = stranger.call(ReplyWire.write(gateway.waits(self)));
            var there = gateway.next();
            call.send(ReplyWire.write(Samples.event("a")).toByteArray()).send(nonsense);

            assertThat(call.awaitClosed().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            there.awaitClosed(Duration.ofSeconds(5));
            assertThat(there.count()).isEqualTo(1);
        }
    }

    @Test
    void answerBeyondTheLimitBreaksItsStreamOnly() {
        var config =
                new ReplyServerConfig(
                        "127.0.0.1",
                        0,
                        1 << 20,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1));
        try (var small = ReplyServer.start(config, gateway);
                var worker = new Stranger(small.port())) {
            var other = worker.call(ReplyWire.write(gateway.waits(self)));
            var otherThere = gateway.next();
            var call = worker.call(ReplyWire.write(gateway.waits(self)));
            var there = gateway.next();
            call.send(
                    ReplyWire.write(new FromWorker.Answer(200, "a", new byte[2 << 20]))
                            .toByteArray());

            assertThat(call.awaitClosed().isOk()).isFalse();
            there.awaitClosed(Duration.ofSeconds(5));
            assertThat(there.count()).isZero();
            other.send(ReplyWire.write(Samples.event("a")).toByteArray());
            otherThere.await(1);
        }
    }

    /// The stream is there, and the stranger knows the request's id.
    @Test
    void strangerNeitherHearsNorIsHeardOnARunningStream() {
        var attach = gateway.waits(self);
        var worker = stranger.call(ReplyWire.write(attach));
        var there = gateway.next();
        var guess = new Attach(attach.task(), self, "guessed", attach.pool(), attach.worker());
        var call = stranger.call(ReplyWire.write(guess));
        assertThat(call.awaitClosed().isOk()).isTrue();

        there.say(new FromGateway.Go(1, "secret".getBytes(StandardCharsets.UTF_8)));
        Await.until("the worker hears", Duration.ofSeconds(5), () -> worker.heard().size() == 1);
        assertThat(call.heard())
                .containsExactly(ReplyWire.write(FromGateway.Done.FORGET).toByteArray());
        assertThat(there.count()).isZero();
        assertThat(worker.isClosed()).isFalse();
    }

    /// What a stranger sends is not even read: it stays in the window.
    @Test
    void whatAStrangerSendsBesideIsNotRead() {
        var guess = new Attach(UUID.randomUUID(), self, "guessed", "pool", "worker");
        var event = ReplyWire.write(new FromWorker.Event(new byte[1 << 20], 0)).toByteArray();
        for (int i = 0; i < 100; i++) {
            stranger.call(ReplyWire.write(guess)).send(event).awaitClosed();
        }
        assertThat(gateway.asked()).isEqualTo(100);
    }

    @Test
    void floodOfStrangersLeavesNothingBehindAndWorkersGetThrough() {
        var guess = ReplyWire.write(new Attach(UUID.randomUUID(), self, "guessed", "p", "w"));
        var worker = stranger.call(ReplyWire.write(gateway.waits(self)));
        var there = gateway.next();
        for (int round = 0; round < 20; round++) {
            var calls = new ArrayList<Stranger.Call>();
            for (int i = 0; i < 1000; i++) {
                calls.add(stranger.call(guess));
            }
            worker.send(ReplyWire.write(Samples.event("" + round)).toByteArray());
            calls.forEach(call -> assertThat(call.awaitClosed().isOk()).isTrue());
        }
        assertThat(there.await(20)).hasSize(20);
        assertThat(gateway.asked()).isEqualTo(20_001);
        assertThat(gateway.nobodyAttached()).isTrue();
    }
}
