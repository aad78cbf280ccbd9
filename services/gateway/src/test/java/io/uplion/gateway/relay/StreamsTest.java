// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a client hears while it waits, and after its stream has begun.
class StreamsTest {
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("HEADERS_WAIT", "100ms", "KEEP_ALIVE", "100ms"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void silenceIsBrokenByComments() {
        try (var client = gateway.stream(Map.of())) {
            var worker = gateway.worker(gateway.queue().next(), "a");
            assertThat(client.status()).isEqualTo(200);
            worker.event("x").end();

            assertThat(client.data()).containsExactly("x", "[DONE]");
            assertThat(client.comments()).isNotEmpty().containsOnly("keep-alive");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void clientThatAsksIsToldItsPlaceWhichNeverRises() {
        gateway.queue().place(2);
        gateway.catalog().status("pool-a", PoolStatus.PENDING);
        try (var client = gateway.stream(Map.of("x-uplion-progress", "1"))) {
            var task = gateway.queue().next();
            gateway.queue().place(5);
            gateway.worker(task, "a").event("x").end();

            assertThat(client.data()).containsExactly("x", "[DONE]");
            assertThat(client.comments())
                    .contains("queue {\"position\":3}", "model {\"state\":\"starting\"}")
                    .doesNotContain("queue {\"position\":6}");
        }
    }

    @Test
    void clientThatAsksIsToldAtOnce() {
        try (var patient = TestGateway.start(Map.of("HEADERS_WAIT", "60s", "KEEP_ALIVE", "60s"))) {
            patient.queue().place(2);
            try (var client = patient.stream(Map.of("x-uplion-progress", "1"))) {
                assertThat(client.status()).isEqualTo(200);
                patient.worker(patient.queue().next(), "a").event("x").end();
                assertThat(client.data()).containsExactly("x", "[DONE]");
                assertThat(client.comments()).contains("queue {\"position\":3}");
            }
        }
    }

    @Test
    void nobodyIsToldThatAModelStartsWhichRests() {
        var rests =
                new PoolStatus(
                        PoolStatus.State.FAILED,
                        "AuthenticationError",
                        "wrong key",
                        401,
                        Optional.of(Instant.now().plusSeconds(2)));
        gateway.catalog().status("pool-a", PoolStatus.RUNNING);
        try (var client = gateway.stream(Map.of("x-uplion-progress", "1"))) {
            var task = gateway.queue().next();
            gateway.catalog().status("pool-a", rests);
            assertThat(client.status()).isEqualTo(200);
            gateway.worker(task, "a").event("x").end();

            assertThat(client.data()).containsExactly("x", "[DONE]");
            assertThat(client.comments()).noneMatch(comment -> comment.startsWith("model"));
        }
    }

    /// Also while the last word, behind what was said, lets wait.
    @Test
    void silenceInMidAnswerIsBrokenByComments() {
        try (var client = gateway.stream(Map.of())) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("x");
            assertThat(client.status()).isEqualTo(200);
            var before = System.nanoTime();
            Await.until(
                    "several pauses have passed",
                    Duration.ofSeconds(10),
                    () -> System.nanoTime() - before > Duration.ofMillis(600).toNanos());
            worker.end();

            assertThat(client.data()).containsExactly("x", "[DONE]");
            assertThat(client.comments()).hasSizeGreaterThan(1).containsOnly("keep-alive");
        }
    }

    @Test
    void clientThatAsksIsToldHowLongItsModelTookToStartTheLastTime() {
        gateway.catalog().status("pool-a", PoolStatus.PENDING);
        gateway.lastStart(Duration.ofMillis(41_900));
        try (var client = gateway.stream(Map.of("x-uplion-progress", "1"))) {
            gateway.worker(gateway.queue().next(), "a").event("x").end();

            assertThat(client.data()).containsExactly("x", "[DONE]");
            assertThat(client.comments())
                    .contains("model {\"state\":\"starting\",\"lastStartSeconds\":41}");
        }
    }

    @Test
    void statusOfAnAnswerSurvivesWhereNothingWasSent() {
        try (var client = gateway.askForStream()) {
            gateway.worker(gateway.queue().next(), "a")
                    .answer(400, "{\"error\":{\"message\":\"too long\"}}")
                    .end();

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"error\":{\"message\":\"too long\"}}");
            assertThat(answer.header("content-type")).isEqualTo("application/json");
        }
    }

    @Test
    void clientsErrorBehindABegunStreamIsAnEventAndAReset() {
        try (var client = gateway.stream(Map.of())) {
            gateway.worker(gateway.queue().next(), "a")
                    .answer(400, "{\"error\":\n{\"message\":\"too long\"}}")
                    .end();

            var events = client.events();
            assertThat(events).hasSize(1);
            assertThat(events.getFirst().name()).isEqualTo("error");
            assertThat(events.getFirst().data()).contains("too long");
            assertThat(client.end()).isNotEqualTo(BodyEnd.COMPLETE);
            gateway.awaitIdle();
        }
    }

    @Test
    void wholeAnswerBehindABegunStreamIsItsOnlyEvent() {
        try (var client = gateway.stream(Map.of())) {
            gateway.worker(gateway.queue().next(), "a").answer(200, "{\"a\":1}").end();

            assertThat(client.data()).containsExactly("{\"a\":1}", "[DONE]");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
            gateway.awaitIdle();
        }
    }

    @Test
    void failureBehindABegunStreamIsAnEventAndAReset() {
        try (var client = gateway.stream(Map.of())) {
            var task = gateway.queue().next();
            for (int attempt = 0; attempt < 3; attempt++) {
                gateway.worker(task, "w" + attempt).fail("the provider answered 500");
            }

            var events = client.events();
            assertThat(events).hasSize(1);
            assertThat(events.getFirst().name()).isEqualTo("error");
            assertThat(client.end()).isNotEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void largeWholeAnswerArrivesWhole() {
        var json = "{\"data\":\"" + "0123456789".repeat(100_000) + "\"}";
        try (var client = gateway.ask()) {
            gateway.worker(gateway.queue().next(), "a").answer(200, json).end();

            assertThat(client.readResponse().body()).isEqualTo(json);
            gateway.awaitIdle();
        }
    }

    @Test
    void stoppingGatewayTellsWhoeverIsLeft() {
        try (var waiting = gateway.ask();
                var streaming = gateway.askForStream()) {
            FakeWorker worker = null;
            for (int i = 0; i < 2; i++) {
                var task = gateway.queue().next();
                if (task.stream()) {
                    worker = gateway.worker(task, "a").event("half");
                }
            }
            var stopped = CompletableFuture.runAsync(() -> gateway.gateway().close());

            assertThat(waiting.readResponse().status()).isEqualTo(503);
            assertThat(streaming.readResponse().body())
                    .contains("data: half\n\nevent: error")
                    .contains("shutting_down");
            stopped.join();
            assertThat(worker).isNotNull();
            assertThat(worker.last()).isEqualTo(new Cancel(Cancel.Reason.SHUTTING_DOWN));
        }
    }
}
