// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.wire.ReplyWire;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Gateway and worker apart: what clients get is the same.
class SplitE2E {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final SplitPlatform platform =
            SplitPlatform.start("  concurrency: 1100\n  limits: {queued: 2000}\n");

    @AfterEach
    void stop() {
        platform.close();
    }

    private static String chat(boolean stream, String prompt) {
        return "{\"model\":\"m\",\"stream\":"
                + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                + prompt
                + "\"}]}";
    }

    private SseClient stream(String prompt) {
        return SseClient.post(platform.url(), chat(true, prompt), Map.of(), Duration.ofSeconds(30));
    }

    private void awaitIdle() {
        Await.until("no request is open", SOON, () -> platform.openRequests() == 0);
        Await.until(
                "no task is left",
                SOON,
                () -> {
                    var depth = platform.queue().depth("m");
                    return depth.waiting() + depth.running() == 0;
                });
    }

    @Test
    void answerIsStreamedAndAccountedFor() {
        platform.provider().script("m", "tokens=20;interval=2ms");
        try (var client = stream("hi")) {
            var data = client.data();

            assertThat(data).hasSizeGreaterThan(20).last().isEqualTo("[DONE]");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
        awaitIdle();
        assertThat(platform.usage()).hasSize(1).allMatch(one -> one.outcome() == Outcome.COMPLETED);
    }

    @Test
    void largePromptAndLargeAnswerPass() {
        platform.provider().script("m", "huge=10MB");
        var prompt = "x".repeat(20 << 20);
        try (var http =
                RawHttp.connect(platform.root().toString()).waitAtMost(Duration.ofSeconds(60))) {
            http.post("/v1/chat/completions", chat(false, prompt));

            assertThat(http.readHead().status()).isEqualTo(200);
            assertThat(http.readBody().length()).isGreaterThan(10_000_000);
        }
        awaitIdle();
    }

    @Test
    void clientThatLeavesStopsTheProvider() {
        platform.provider().script("m", "tokens=10000;interval=20ms");
        var client = stream("hi");
        client.next();
        platform.provider().awaitInFlight(1, SOON);
        client.reset();

        platform.provider().awaitInFlight(0, Duration.ofSeconds(2));
        awaitIdle();
        assertThat(platform.usage()).hasSize(1).allMatch(one -> one.outcome() == Outcome.CANCELLED);
    }

    @Test
    void brokenLineBeforeTheFirstFrameIsAnotherAttempt() {
        platform.provider().script("m", "ttft=700ms;tokens=5");
        try (var client =
                RawHttp.connect(platform.root().toString())
                        .post("/v1/chat/completions", chat(true, "hi"))) {
            platform.provider().awaitInFlight(1, SOON);
            platform.proxy().resetAll();

            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.readBody()).contains("[DONE]");
        }
        awaitIdle();
        assertThat(platform.usage()).hasSize(1).allMatch(one -> one.outcome() == Outcome.COMPLETED);
        assertThat(platform.usage().getFirst().claim().attempt()).isEqualTo(2);
    }

    @Test
    void providerIsHeldBackForAClientThatIsBehind() {
        platform.provider().script("m", "huge=40MB");
        try (var client = stream("hi")) {
            long bytes = 0;
            for (var one = client.next(); one.isPresent(); one = client.next()) {
                bytes += one.get().data().length();
            }
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
            assertThat(bytes).isGreaterThan(40_000_000);
        }
    }

    @Test
    void brokenLineInTheMiddleIsABrokenAnswer() {
        platform.provider().script("m", "tokens=10000;interval=20ms");
        try (var client = stream("hi")) {
            for (int i = 0; i < 5; i++) {
                client.next();
            }
            platform.proxy().resetAll();

            var rest = client.events();
            assertThat(rest.getLast().name()).isEqualTo("error");
            assertThat(client.end()).isNotEqualTo(BodyEnd.COMPLETE);
        }
        platform.provider().awaitInFlight(0, Duration.ofSeconds(2));
        awaitIdle();
        // The worker's word, or after 30 s the gateway's where the worker had not heard its claim.
        Await.until(
                "it is accounted for", Duration.ofSeconds(40), () -> !platform.usage().isEmpty());
        assertThat(platform.usage()).hasSize(1).allMatch(one -> one.outcome() == Outcome.BROKEN);
    }

    @Test
    void givenUpTaskLeavesALetterWithItsLargeBody() {
        platform.provider().script("m", "status=500");
        var prompt = "x".repeat(1 << 20);
        try (var http =
                RawHttp.connect(platform.root().toString())
                        .post("/v1/chat/completions", chat(false, prompt))) {
            assertThat(http.readHead().status()).isEqualTo(502);
        }
        Await.until("the letter is kept", SOON, () -> platform.letters().size() == 1);
        assertThat(platform.letters().getFirst().body()).hasSize(chat(false, prompt).length());
        awaitIdle();
    }

    @Test
    void strangerWhoKnowsARequestsIdNeitherReadsNorInjects() {
        platform.provider().script("m", "tokens=100;interval=10ms");
        try (var client = stream("secret");
                var stranger = new Stranger(platform.server().port())) {
            client.next();
            var task = platform.published().getFirst();
            for (var nonce : List.of("guessed", task.nonce().substring(1), task.nonce() + "0")) {
                var guess = new Attach(task.id(), task.gateway(), nonce, "m", "worker-1");
                var call = stranger.call(ReplyWire.write(guess));
                call.send(ReplyWire.write(Samples.event("injected")).toByteArray());
                call.send(ReplyWire.write(new FromWorker.End(TokenUsage.of(3, 4))).toByteArray());

                assertThat(call.awaitClosed().isOk()).isTrue();
                assertThat(call.heard())
                        .containsExactly(ReplyWire.write(FromGateway.Done.FORGET).toByteArray());
            }
            assertThat(client.data()).doesNotContain("injected").last().isEqualTo("[DONE]");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    /// One attempt speaks: a worker that was given the task before is fenced off.
    @Test
    void workerThatHoldsNoGrantIsNotHeard() {
        platform.provider().script("m", "tokens=100;interval=10ms");
        try (var client = stream("hi");
                var other = new Stranger(platform.server().port())) {
            client.next();
            var task = platform.published().getFirst();
            var attach = new Attach(task.id(), task.gateway(), task.nonce(), "m", "worker-2");
            var call = other.call(ReplyWire.write(attach));
            call.send(ReplyWire.write(Samples.event("injected")).toByteArray());

            assertThat(call.awaitClosed().isOk()).isTrue();
            assertThat(client.data()).doesNotContain("injected").last().isEqualTo("[DONE]");
        }
    }

    /// As a broker may do that has lost an acknowledgement: the gateway has no grant for it.
    @Test
    void taskThatComesAgainToAnotherWorkerAfterItsEndIsDoneByNobody() {
        platform.provider().script("m", "tokens=3");
        try (var client = stream("hi")) {
            assertThat(client.data()).last().isEqualTo("[DONE]");
        }
        awaitIdle();
        platform.replaceWorker();

        var task = platform.published().getFirst();
        platform.queue().publish(task).toCompletableFuture().join();
        awaitIdle();

        assertThat(platform.asked()).containsExactly("worker-1", "worker-2");
        assertThat(platform.granted()).containsExactly("worker-1");
        assertThat(platform.provider().served()).hasSize(1);
        assertThat(platform.usage()).hasSize(1);
        assertThat(platform.letters()).isEmpty();
    }

    @Test
    void thousandStreamsAtOnceEndWhole() throws Exception {
        platform.provider().script("m", "tokens=20;interval=20ms");
        var asked = new ArrayList<Callable<String>>();
        for (int i = 0; i < 1000; i++) {
            asked.add(
                    () -> {
                        try (var client = stream("hi")) {
                            var data = client.data();
                            return client.end() + " " + data.size() + " " + data.getLast();
                        }
                    });
        }
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : clients.invokeAll(asked)) {
                assertThat(answer.get()).startsWith("COMPLETE").endsWith("[DONE]");
            }
        }
        awaitIdle();
        assertThat(platform.usage()).hasSize(1000);
        assertThat(platform.proxy().connections()).isEqualTo(1);
    }

    @Test
    void gatewayOutOfReachIsTriedAgainWhileTheClientWaits() {
        platform.provider().script("m", "tokens=5");
        platform.proxy().refuseNew();
        try (var client =
                RawHttp.connect(platform.root().toString())
                        .post("/v1/chat/completions", chat(false, "hi"))) {
            Await.until("the worker has tried", SOON, () -> platform.lost() > 0);
            platform.proxy().heal();
            client.waitAtMost(Duration.ofSeconds(20));

            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.readBody().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
        }
    }
}
