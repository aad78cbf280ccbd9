// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.TestGateway;
import io.uplion.openai.Endpoint;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Later;
import io.uplion.task.FromWorker;
import io.uplion.testing.http.BodyEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of a request whose pools cannot serve it, now or in time.
class TroublesTest {
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

    /// Another pool of the model that does not do what is asked helps nobody.
    @Test
    void onlyPoolForAnEndpointInTroubleIsTheAnswerAtOnce() {
        var chat = TestGateway.pool("pool-b", Duration.ofMinutes(2));
        gateway.catalog()
                .put(
                        new AIModel(
                                chat.name(),
                                chat.model(),
                                chat.serving(),
                                EnumSet.of(Endpoint.EMBEDDINGS),
                                chat.concurrency(),
                                chat.timeout(),
                                chat.firstFrameTimeout(),
                                chat.scaling(),
                                chat.price(),
                                chat.limits(),
                                chat.access()),
                        PoolStatus.RUNNING);
        try (var client = gateway.ask()) {
            gateway.worker(gateway.queue().next(), "a").trouble(429, Instant.now().plusSeconds(70));

            assertThat(client.readResponse().status()).isEqualTo(429);
        }
        var rests =
                new PoolStatus(
                        PoolStatus.State.FAILED,
                        "RateLimited",
                        "",
                        429,
                        Optional.of(Instant.now().plusSeconds(70)));
        gateway.catalog().status("pool-a", rests);
        try (var client = gateway.ask()) {
            assertThat(client.readResponse().status()).isEqualTo(429);
        }
    }

    @Test
    void onlyPoolInTroubleIsTheAnswerAtOnce() {
        try (var client = gateway.ask()) {
            var worker =
                    gateway.worker(gateway.queue().next(), "a")
                            .trouble(429, Instant.now().plusSeconds(7));

            assertThat(worker.last()).isEqualTo(Done.FORGET);
            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("retry-after")).isIn("7", "6");
            assertThat(answer.body()).contains("rate_limit_exceeded", "RateLimited");
        }
    }

    /// It closes the pool: a client that asks again at once must find it closed.
    @Test
    void workerInTroubleHearsOfItBeforeTheClient() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var unanswered = new CompletableFuture<Integer>();
            var stream =
                    gateway.gateway()
                            .replyDesk()
                            .attach(
                                    new Attach(
                                            task.id(), task.gateway(), task.nonce(), "pool-a", "a"),
                                    message -> {
                                        if (message instanceof Done) {
                                            unanswered.complete(gateway.openRequests());
                                        }
                                    });
            stream.send(
                    new FromWorker.PoolTrouble(
                            402, "QuotaExceeded", Instant.now().plusSeconds(9), "no credit"));

            assertThat(unanswered.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1);
            assertThat(client.readResponse().status()).isEqualTo(503);
        }
    }

    @Test
    void troubleOfOnePoolIsNotCountedWhileAnotherCanServe() {
        gateway.catalog()
                .put(TestGateway.pool("pool-b", Duration.ofMinutes(2)), PoolStatus.RUNNING);
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var retryAt = Instant.now().plusSeconds(60);
            assertThat(gateway.worker(task, "pool-a", "a").trouble(401, retryAt).last())
                    .isEqualTo(new Later(Backoff.HANDED_BACK));
            var other = gateway.worker(task, "pool-b", "b");
            assertThat(other.attempt()).isEqualTo(1);
            other.answer(200, "{}").end();

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void taskThatFindsTroubleThreeTimesIsAnsweredWithItAndBlamesNobody() {
        gateway.catalog()
                .put(TestGateway.pool("pool-b", Duration.ofMinutes(2)), PoolStatus.RUNNING);
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var retryAt = Instant.now().plusSeconds(60);
            gateway.worker(task, "pool-a", "a").trouble(404, retryAt);
            gateway.worker(task, "pool-b", "b").trouble(404, retryAt);
            var third = gateway.worker(task, "pool-a", "a").trouble(404, retryAt);

            assertThat(third.last()).isEqualTo(new Done(Optional.empty(), true));
            assertThat(client.readResponse().status()).isEqualTo(503);
        }
    }

    /// No worker should; one that does must not bring a second text behind the first.
    @Test
    void troubleAfterTheFirstFrameBreaksTheAnswer() {
        gateway.catalog()
                .put(TestGateway.pool("pool-b", Duration.ofMinutes(2)), PoolStatus.RUNNING);
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            gateway.worker(task, "a").event("half").trouble(429, Instant.now().plusSeconds(60));
            gateway.worker(task, "pool-b", "b").event("other").end();

            var answer = client.readResponse();
            assertThat(answer.body())
                    .startsWith("data: half\n\nevent: error")
                    .doesNotContain("other");
            assertThat(answer.end()).isNotEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void othersAreToldOfTroubleAndOfAnswers() {
        try (var gateway = TestGateway.start();
                var client = gateway.ask()) {
            gateway.catalog().put(TestGateway.pool("pool-b", LIMIT), PoolStatus.RUNNING);
            var task = gateway.queue().next();
            gateway.worker(task, "a").trouble(429, Instant.now().plusSeconds(60));
            gateway.worker(task, "pool-b", "b").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);

            assertThat(gateway.reported())
                    .containsExactly("troubled pool-a 429", "answered pool-b");
        }
    }

    @Test
    void requestThatCannotBeToldOfItsPlaceWaitsOnlySoLong() {
        try (var impatient = TestGateway.start(Map.of("UNSTREAMED_WAIT", "100ms"));
                var client = impatient.ask()) {
            var task = impatient.queue().next();

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("queue_timeout");
            assertThat(answer.header("retry-after")).isEqualTo("5");
            assertThat(impatient.worker(task, "a").heard()).containsExactly(Done.FORGET);
        }
    }

    /// Nothing has left the queue while it waited: it will hardly do so sooner the next time.
    @Test
    void whoWaitedInVainIsToldToComeWhenTheQueueHasMoved() {
        try (var impatient = TestGateway.start(Map.of("UNSTREAMED_WAIT", "7s"));
                var client = impatient.ask()) {
            impatient.queue().next();

            var answer = client.readResponse();
            assertThat(answer.body()).contains("queue_timeout");
            assertThat(Integer.parseInt(answer.header("retry-after"))).isGreaterThanOrEqualTo(7);
        }
    }
}
