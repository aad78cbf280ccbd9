// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Later;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of a request whose attempt fails, whose pool is in trouble, whose worker is lost.
class FailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterEach
    void leavesNothingBehind() {
        gateway.awaitIdle();
        gateway.reset();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void thirdFailedAttemptIsTheAnswer() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            for (int attempt = 1; attempt <= 2; attempt++) {
                var worker = gateway.worker(task, "w" + attempt);
                assertThat(worker.attempt()).isEqualTo(attempt);
                assertThat(worker.fail("the provider answered 500").last())
                        .isInstanceOf(Later.class);
            }
            var last = gateway.worker(task, "w3").fail("the provider answered 503");

            assertThat(last.last())
                    .isInstanceOfSatisfying(
                            Done.class,
                            done -> {
                                assertThat(done.letter().orElseThrow().headers())
                                        .containsEntry("content-type", "application/json")
                                        .doesNotContainKey("authorization");
                                assertThat(done.blameless()).isFalse();
                            });
            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
            assertThat(answer.body()).contains("upstream_error", "3 attempts", "503");
        }
    }

    @Test
    void brokenAnswerIsAnErrorAndAReset() {
        try (var client = gateway.askForStream()) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("half");
            worker.fail("the provider broke the connection");

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .startsWith("data: half\n\nevent: error\ndata: {\"error\":")
                    .doesNotContain("[DONE]");
            assertThat(answer.end()).isNotEqualTo(BodyEnd.COMPLETE);
            assertThat(worker.event("more").last()).isEqualTo(Done.FORGET);
        }
    }

    @Test
    void wholeAnswerThatCouldNotBeRecordedIsAnError() {
        try (var client = gateway.ask()) {
            gateway.worker(gateway.queue().next(), "a").answer(200, "{}").fail("no usage");

            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    @Test
    void lostWorkerIsAFailedAttemptBeforeTheFirstFrame() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.worker(task, "a").close();
            var second = gateway.worker(task, "b");
            assertThat(second.attempt()).isEqualTo(2);
            second.answer(200, "{}").end().close();

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void lostWorkerBreaksTheAnswerAfterIt() {
        try (var client = gateway.askForStream()) {
            gateway.worker(gateway.queue().next(), "a").event("half").close();

            var answer = client.readResponse();
            assertThat(answer.body()).contains("data: half\n\n", "event: error", "lost");
            assertThat(answer.end()).isNotEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void closeBehindAnEndOrAFailureIsNoLoss() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.worker(task, "a").fail("x").close().close();
            var second = gateway.worker(task, "b");
            assertThat(second.attempt()).isEqualTo(2);
            second.answer(200, "{}").end().close();

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void endWithoutAFrameIsAFailedAttempt() {
        for (boolean stream : new boolean[] {true, false}) {
            try (var client = stream ? gateway.askForStream() : gateway.ask()) {
                var task = gateway.queue().next();
                assertThat(gateway.worker(task, "a").end().last()).isInstanceOf(Later.class);
                gateway.worker(task, "b").answer(200, "{\"whole\":1}").end();

                assertThat(client.readResponse().body()).contains("{\"whole\":1}");
            }
        }
    }

    @Test
    void clientThatLeavesTheQueueTakesItsTaskAlong() {
        var client = gateway.askForStream();
        var task = gateway.queue().next();
        client.reset();

        gateway.queue().awaitWithdrawn(task);
        gateway.awaitIdle();
        assertThat(gateway.worker(task, "a").heard()).containsExactly(Done.FORGET);
    }

    @Test
    void clientThatLeavesInMidAnswerCancelsIt() {
        var client = gateway.askForStream();
        var worker = gateway.worker(gateway.queue().next(), "a").event("half");
        assertThat(client.readHead().status()).isEqualTo(200);
        client.reset();

        Await.until(
                "the worker is told",
                LIMIT,
                () -> worker.last().equals(new Cancel(Cancel.Reason.CLIENT_GONE)));
        assertThat(worker.event("more").last()).isEqualTo(Done.FORGET);
        assertThat(worker.end().last()).isEqualTo(Done.FORGET);
    }

    @Test
    void requestThatCannotBeQueuedIsToldSo() {
        gateway.queue().breakDown();
        try (var client = gateway.ask()) {
            var answer = client.readResponse();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
        }
    }

    /// They would all wait for the same, a few at a time.
    @Test
    void requestsThatAreHeldBackAreToldSoTogetherWithThoseThatCannotBeQueued() {
        int queued = 4;
        gateway.queue().fallSilent();
        var clients = IntStream.range(0, 4 * queued).mapToObj(_ -> gateway.ask()).toList();
        Await.until("all have come", LIMIT, () -> gateway.openRequests() == clients.size());
        gateway.queue().giveUp(queued);

        for (var client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(503);
            client.close();
        }
    }

    @Test
    void waitingClientsOfARemovedModelAreToldSo() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.catalog().remove("pool-a");

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("model_removed");
            gateway.queue().awaitWithdrawn(task);
        }
    }

    /// What waited was dropped with the topic: nobody would ever come for it.
    @Test
    void clientsOfAModelThatCameBackMeanwhileAreToldSoToo() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a");
            gateway.catalog().remove("pool-a");
            gateway.catalog()
                    .put(TestGateway.pool("pool-a", Duration.ofMinutes(2)), PoolStatus.RUNNING);
            worker.fail("the provider answered 500");

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("model_removed");
        }
    }

    /// The time that a body takes to come is no time in which a worker could have been free.
    @Test
    void patienceBeginsWhenTheBodyHasCome() {
        var body = TestGateway.chat(false);
        var text =
                RawHttp.postText("/v1/chat/completions", body, Map.of("x-uplion-timeout", "300ms"));
        var half = text.length() - body.length() / 2;
        try (var client = gateway.connect()) {
            client.sendSlowly(text.substring(0, half), half, Duration.ofSeconds(2));
            client.send(text.substring(half));
            var sent = System.nanoTime();
            var answer = client.readResponse();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("queue_timeout", "within 0.3 s");
            assertThat(Duration.ofNanos(System.nanoTime() - sent))
                    .isLessThan(Duration.ofMillis(1900));
        }
    }

    /// A worker that keeps no time of its own.
    @Test
    void attemptThatTakesTooLongIsRevokedBeforeItsFirstFrameAndBrokenAfterIt() {
        gateway.catalog()
                .put(
                        TestGateway.pool("pool-a", Duration.ofMillis(100), Duration.ofMillis(100)),
                        PoolStatus.RUNNING);
        try (var whole = gateway.ask();
                var stream = gateway.askForStream()) {
            var first = gateway.queue().next();
            var second = gateway.queue().next();
            var isWhole = !first.stream();
            var silent = gateway.worker(isWhole ? first : second, "a");
            var endless = gateway.worker(isWhole ? second : first, "a").event("x");

            Await.until("the grant is revoked", LIMIT, () -> silent.last() instanceof Later);
            Await.until("its worker is told", LIMIT, () -> endless.last().equals(Done.FORGET));
            assertThat(stream.readResponse().body()).startsWith("data: x\n\nevent: error");
            gateway.worker(isWhole ? first : second, "b").answer(200, "{}").end();
            assertThat(whole.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void waitingClientsAreToldWhenTheLastPoolRestsForLong() {
        try (var client = gateway.ask()) {
            gateway.queue().next();
            gateway.catalog()
                    .status("pool-a", PoolStatus.failed("AuthenticationError", "wrong key"));

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("AuthenticationError").doesNotContain("wrong key");
        }
    }

    @Test
    void grantWithoutAFirstFrameIsRevoked() {
        gateway.catalog()
                .put(TestGateway.pool("pool-a", Duration.ofMillis(100)), PoolStatus.RUNNING);
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var silent = gateway.worker(task, "a");

            Await.until("the grant is revoked", LIMIT, () -> silent.last() instanceof Later);
            var second = gateway.worker(task, "b").event("x").end();
            assertThat(second.attempt()).isEqualTo(2);
            assertThat(client.readResponse().body()).isEqualTo("data: x\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void requestWhoseTimeWentIntoAnAttemptThatFailedIsToldOfTheFailure() {
        try (var impatient = TestGateway.start(Map.of("UNSTREAMED_WAIT", "100ms"));
                var client = impatient.ask()) {
            var task = impatient.queue().next();
            var worker = impatient.worker(task, "a");
            long granted = System.nanoTime();
            Await.until(
                    "the wait is over",
                    LIMIT,
                    () -> System.nanoTime() - granted > Duration.ofMillis(150).toNanos());
            worker.fail("the provider fell over");

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("the provider fell over", "one attempt");
        }
    }

    @Test
    void taskWhoseLastWorkerWasLostOwesALetterToTheNextOne() {
        try (var gateway = TestGateway.start(Map.of("ATTEMPTS", "1", "INLINE_BODY", "10"));
                var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.worker(task, "a").close();
            assertThat(client.readResponse().status()).isEqualTo(502);

            var done = (Done) gateway.worker(task, "b").last();
            var letter = done.letter().orElseThrow();
            assertThat(letter.reason()).isEqualTo("the worker was lost");
            assertThat(new String(letter.body(), StandardCharsets.UTF_8))
                    .isEqualTo(TestGateway.chat(false));
        }
    }
}
