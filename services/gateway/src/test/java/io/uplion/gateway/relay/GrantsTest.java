// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static io.uplion.gateway.TestGateway.MODEL;
import static io.uplion.gateway.TestGateway.PRICE;
import static io.uplion.gateway.TestGateway.PRINCIPAL;
import static io.uplion.gateway.TestGateway.SEAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Attach;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Committed;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Later;
import io.uplion.task.FromWorker;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may run a task, and who may speak to its client.
class GrantsTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void taskSaysWhatTheWorkerNeeds() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();

            assertThat(task.model()).isEqualTo(MODEL);
            assertThat(task.endpoint()).isEqualTo(Endpoint.CHAT);
            assertThat(task.stream()).isFalse();
            assertThat(task.nonce()).hasSize(32);
            assertThat(task.id().version()).isEqualTo(7);
            assertThat(Duration.between(task.acceptedAt(), task.startBy()))
                    .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(610));
            assertThat(task.body())
                    .isInstanceOfSatisfying(
                            Task.Inline.class,
                            body ->
                                    assertThat(new String(body.bytes(), StandardCharsets.UTF_8))
                                            .isEqualTo(TestGateway.chat(false)));
            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().header("x-request-id")).isEqualTo(task.requestId());
        }
    }

    @Test
    void firstWorkerGetsTheGrant() {
        try (var client = gateway.ask()) {
            var worker = gateway.worker(gateway.queue().next(), "a");

            assertThat(worker.heard()).hasSize(1);
            assertThat(worker.last())
                    .isInstanceOfSatisfying(
                            Go.class,
                            go -> {
                                assertThat(go.attempt()).isEqualTo(1);
                                assertThat(go.body()).isEmpty();
                            });
            worker.answer(200, "{\"a\":1}").end();
            assertThat(client.readResponse().body()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void largeBodyWaitsHereAndComesWithEachGrant() {
        try (var gateway = TestGateway.start(Map.of("INLINE_BODY", "10"));
                var client = gateway.ask()) {
            var body = TestGateway.chat(false);
            var task = gateway.queue().next();
            assertThat(task.body()).isEqualTo(new Task.Kept(body.length()));

            for (int attempt = 1; attempt <= 2; attempt++) {
                var go = (Go) gateway.worker(task, "w" + attempt).fail("x").heard().getFirst();
                assertThat(new String(go.body(), StandardCharsets.UTF_8)).isEqualTo(body);
            }
            gateway.worker(task, "w3").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void secondWorkerIsToldToComeLater() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var granted = gateway.worker(task, "a");
            var second = gateway.worker(task, "b");

            assertThat(second.heard()).hasSize(1);
            assertThat(second.last())
                    .isInstanceOfSatisfying(
                            Later.class,
                            later ->
                                    assertThat(later.backoff())
                                            .isBetween(
                                                    Duration.ofSeconds(1), Duration.ofSeconds(30)));
            second.answer(200, "{\"by\":\"b\"}").end();
            granted.answer(200, "{\"by\":\"a\"}").end();
            assertThat(client.readResponse().body()).isEqualTo("{\"by\":\"a\"}");
            assertThat(second.end().last()).isEqualTo(Done.FORGET);
        }
    }

    @Test
    void strangersAreSentAway() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var heard = new ArrayList<FromGateway>();
            for (var nonce : new String[] {"", "x", "é", task.nonce() + "0"}) {
                var stranger =
                        gateway.gateway()
                                .replyDesk()
                                .attach(
                                        new Attach(task.id(), task.gateway(), nonce, "pool-a", "x"),
                                        heard::add);
                stranger.send(new FromWorker.End(TokenUsage.of(3, 4)));
                stranger.close();
            }
            var unknown =
                    gateway.gateway()
                            .replyDesk()
                            .attach(
                                    new Attach(
                                            UUID.randomUUID(),
                                            task.gateway(),
                                            task.nonce(),
                                            "pool-a",
                                            "x"),
                                    heard::add);
            unknown.close();

            assertThat(heard).hasSize(5).containsOnly(Done.FORGET);
            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /// It would be billed at no price, or at that of another model.
    @ParameterizedTest
    @ValueSource(strings = {"pool-of-another", "pool-of-nobody"})
    void workerOfAPoolThatDoesNotServeTheModelGetsNoGrant(String pool) {
        gateway.catalog().put(ofAnotherModel("pool-of-another"), PoolStatus.RUNNING);
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var stranger = gateway.worker(task, pool, "s").answer(200, "{\"stolen\":true}");
            assertThat(stranger.isGranted()).isFalse();
            assertThat(stranger.heard()).isNotEmpty().allMatch(Later.class::isInstance);

            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().body()).isEqualTo("{}");
        } finally {
            gateway.catalog().remove("pool-of-another");
        }
    }

    private static AIModel ofAnotherModel(String name) {
        var like = TestGateway.pool(name, Duration.ofMinutes(2));
        return new AIModel(
                name,
                "another",
                like.serving(),
                like.endpoints(),
                like.concurrency(),
                like.timeout(),
                like.firstFrameTimeout(),
                like.scaling(),
                like.price(),
                like.limits(),
                like.access());
    }

    @Test
    void firstFrameIsAnsweredWithTheClaimAndOnlyThat() {
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a").event("one").event("two").end();

            var claim =
                    new Claim(
                            task.id(),
                            1,
                            PRINCIPAL.account(),
                            PRINCIPAL.user(),
                            PRINCIPAL.key(),
                            MODEL,
                            Endpoint.CHAT,
                            "pool-a",
                            PRICE,
                            OptionalLong.empty(),
                            "");
            assertThat(worker.heard().subList(1, worker.heard().size()))
                    .containsExactly(new Committed(1, SEAL.sign(claim)));
            var answer = client.readResponse();
            assertThat(answer.header("content-type")).startsWith("text/event-stream");
            assertThat(answer.body()).isEqualTo("data: one\n\ndata: two\n\ndata: [DONE]\n\n");
        }
    }

    /// Else a gateway that dies now leaves a client with words that nobody accounts for.
    @Test
    void clientHearsNothingBeforeTheWorkerAccountsForIt() {
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a");
            worker.sayOnly(event("one")).sayOnly(event("two"));
            assertThat(worker.last()).isInstanceOf(Committed.class);
            worker.close();

            var answer = client.readResponse();
            assertThat(answer.status()).as("nothing was said, not even a head").isEqualTo(502);
            assertThat(answer.body()).contains("upstream_error").doesNotContain("one");
        }
    }

    @Test
    void whatWasSaidBeforeIsHeardThenAndInOrder() {
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a");
            worker.sayOnly(event("one")).sayOnly(event("two"));
            worker.sayOnly(new FromWorker.Accounts()).sayOnly(event("three"));
            worker.sayOnly(new FromWorker.End(TokenUsage.of(3, 4)));

            assertThat(client.readResponse().body())
                    .isEqualTo("data: one\n\ndata: two\n\ndata: three\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void workerThatNeverAccountsForItsAnswerIsCutOffBeforeItFillsTheMemory() {
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a");
            var mebibyte = new FromWorker.Event(new byte[1 << 20], 0);
            for (int i = 0; i < 18 && !(worker.last() instanceof Done); i++) {
                worker.sayOnly(mebibyte);
            }

            assertThat(worker.last()).isEqualTo(Done.FORGET);
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    @Test
    void endOfAnAnswerThatNobodyAccountsForIsNone() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a");
            worker.sayOnly(
                    new FromWorker.Answer(
                            200, "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
            worker.sayOnly(new FromWorker.End(TokenUsage.of(3, 4)));

            assertThat(worker.last()).isEqualTo(Done.FORGET);
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    private static FromWorker event(String data) {
        return new FromWorker.Event(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8), 0);
    }

    @Test
    void staleAttemptNeverReachesTheClient() {
        try (var client = gateway.askForStream()) {
            var task = gateway.queue().next();
            var first = gateway.worker(task, "a").fail("the provider answered 500");
            assertThat(first.last()).isInstanceOf(Later.class);

            var second = gateway.worker(task, "b");
            assertThat(second.attempt()).isEqualTo(2);
            first.event("stale");
            assertThat(first.last()).isInstanceOf(Later.class);
            second.event("fresh");
            first.event("stale").end();
            assertThat(first.last()).isInstanceOf(Later.class);
            second.end();

            assertThat(client.readResponse().body()).isEqualTo("data: fresh\n\ndata: [DONE]\n\n");
            assertThat(first.event("stale").last()).isEqualTo(Done.FORGET);
        }
    }

    @Test
    void anotherWorkerIsPreferredOnce() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.worker(task, "bad").fail("x");
            gateway.worker(task, "other").fail("x");
            // Both are known now; the one that failed last leaves it to the other one, once.
            var again = gateway.worker(task, "other");
            assertThat(again.heard()).containsExactly(new Later(Backoff.PREFER_OTHER));

            var third = gateway.worker(task, "other");
            assertThat(third.isGranted()).isTrue();
            third.answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void answeredTaskIsDoneForEverybody() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            var worker = gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);

            assertThat(gateway.worker(task, "b").heard()).containsExactly(Done.FORGET);
            for (FakeWorker spoken :
                    new FakeWorker[] {worker.end(), worker.event("x"), worker.fail("x")}) {
                assertThat(spoken.last()).isEqualTo(Done.FORGET);
            }
            gateway.awaitIdle();
        }
    }
}
