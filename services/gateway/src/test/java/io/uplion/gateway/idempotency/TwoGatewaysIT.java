// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.idempotency.IdempotencyStore.Times;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Gateways that share nothing but Redis.
class TwoGatewaysIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Edge ANYBODY =
            _ -> CompletableFuture.completedFuture(new Edge.Admitted(TestGateway.PRINCIPAL));
    private static RedisProcess redis;

    private final List<RedisCalls> calls = new ArrayList<>();
    private final List<TestGateway> gateways = new ArrayList<>();
    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("");
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @AfterEach
    void stop() {
        gateways.forEach(TestGateway::close);
        calls.forEach(RedisCalls::close);
    }

    private TestGateway gateway(Times times) {
        calls.add(redis.calls(Duration.ofSeconds(10)));
        var store = new RedisIdempotency(calls.getLast(), times);
        gateways.add(TestGateway.start(Map.of(), ANYBODY, store));
        return gateways.getLast();
    }

    private RawHttp ask(TestGateway gateway, boolean stream) {
        return gateway.connect()
                .waitAtMost(LIMIT)
                .post(
                        "/v1/chat/completions",
                        TestGateway.chat(stream),
                        Map.of("idempotency-key", key));
    }

    private RawResponse again(TestGateway gateway, boolean stream) {
        try (var client = ask(gateway, stream)) {
            return client.readResponse();
        }
    }

    private static FakeWorker worker(TestGateway gateway) {
        return gateway.worker(gateway.queue().next(), "a");
    }

    /// Somebody waits there for what another runs.
    private RawHttp waiting(TestGateway gateway) {
        var client = ask(gateway, false);
        Await.until("its body is released", LIMIT, () -> seen(gateway) && gateway.bodyBytes() == 0);
        return client;
    }

    /// The body was read.
    private static boolean seen(TestGateway gateway) {
        return gateway.meters().get("uplion.gateway.idempotency.waiting").gauge().value() > 0;
    }

    @Test
    void fiftyAtTwoGatewaysAreOneExecution() {
        var one = gateway(Times.DEFAULT);
        var two = gateway(Times.DEFAULT);
        var clients =
                IntStream.range(0, 50).mapToObj(i -> ask(i % 2 == 0 ? one : two, false)).toList();
        Await.until("one runs", LIMIT, () -> one.openRequests() + two.openRequests() == 1);
        worker(one.openRequests() == 1 ? one : two).answer(200, "{\"a\":1}").end();

        for (var client : clients) {
            assertThat(client.readResponse().body()).isEqualTo("{\"a\":1}");
            client.close();
        }
        assertThat(one.queue().isEmpty()).isTrue();
        assertThat(two.queue().isEmpty()).isTrue();
    }

    @Test
    void whatOneHasAnsweredTheOtherGivesAgainAlsoWhenTheFirstHasGone() {
        var one = gateway(Times.DEFAULT);
        try (var client = ask(one, true)) {
            worker(one).event("one").event("two").end();
            var first = client.readResponse();
            gateways.remove(one);
            one.close();

            var answer = again(gateway(Times.DEFAULT), true);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(first.body());
            assertThat(answer.header("idempotency-replayed")).isEqualTo("true");
            assertThat(answer.header("x-uplion-first-request-id"))
                    .isEqualTo(first.header("x-request-id"));
        }
    }

    @Test
    void anErrorAtOneIsToldAtTheOtherAndFreesTheKeyThere() {
        var one = gateway(Times.DEFAULT);
        var two = gateway(Times.DEFAULT);
        try (var first = ask(one, false)) {
            var worker = worker(one);
            try (var second = waiting(two)) {
                worker.answer(400, "{\"error\":{}}").end();
                assertThat(first.readResponse().status()).isEqualTo(400);
                assertThat(second.readResponse().status()).isEqualTo(400);
            }
        }
        try (var client = ask(two, false)) {
            worker(two).answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /// It does not come to renewing its lease.
    @Test
    void whoWaitsForAGatewayThatDiedIsToldToComeBack() {
        var dying = gateway(new Times(Duration.ofSeconds(4), LONG, LONG));
        var two = gateway(Times.DEFAULT);
        try (var first = ask(dying, false)) {
            var worker = worker(dying);
            try (var second = waiting(two)) {
                var told = second.readResponse();
                assertThat(told.status()).as(told.body()).isEqualTo(503);
                assertThat(told.body()).contains("idempotency_unfinished");
                assertThat(told.header("retry-after")).isEqualTo("1");
            }
            try (var client = ask(two, false)) {
                worker(two).answer(200, "{\"second\":true}").end();
                assertThat(client.readResponse().body()).isEqualTo("{\"second\":true}");
            }
            worker.answer(200, "{\"first\":true}").end();
            assertThat(first.readResponse().body()).isEqualTo("{\"first\":true}");
        }
        assertThat(again(two, false).body()).isEqualTo("{\"second\":true}");
    }
}
