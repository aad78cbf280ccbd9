// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Subject;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What those who ask with one key are told when it does not go well.
class IdempotencyFailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String KEY = "key";
    private static final Edge ANYBODY =
            _ -> CompletableFuture.completedFuture(new Edge.Admitted(TestGateway.PRINCIPAL));

    private final FakeStore store = new FakeStore();
    private TestGateway gateway = TestGateway.start(Map.of(), ANYBODY, store);

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void restart(Map<String, String> settings, Edge edge) {
        gateway.close();
        gateway = TestGateway.start(settings, edge, store);
    }

    private RawHttp ask(boolean stream) {
        return ask(stream, Map.of());
    }

    private RawHttp ask(boolean stream, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("idempotency-key", KEY);
        return gateway.connect()
                .waitAtMost(LIMIT)
                .post("/v1/chat/completions", TestGateway.chat(stream), all);
    }

    private RawResponse again(boolean stream) {
        try (var client = ask(stream)) {
            return client.readResponse();
        }
    }

    private FakeWorker worker() {
        return gateway.worker(gateway.queue().next(), "a");
    }

    /// Asks for the same; comes back when it waits.
    private RawHttp waiting(boolean stream) {
        var looks = store.looks();
        var client = ask(stream);
        Await.until("it waits", LIMIT, () -> store.looks() > looks);
        return client;
    }

    private static void assertError(RawResponse answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private void assertFree() {
        try (var client = ask(false)) {
            worker().answer(200, "{\"anew\":true}").end();
            assertThat(client.readResponse().body()).isEqualTo("{\"anew\":true}");
        }
    }

    private double held() {
        return gateway.meters().get("uplion.gateway.idempotency.bytes").gauge().value();
    }

    @Test
    void anErrorBeforeTheAnswerFreesTheKeyAndIsToldToThoseWhoWait() {
        try (var first = ask(false)) {
            var task = gateway.queue().next();
            try (var second = waiting(false)) {
                for (var i = 0; i < 3; i++) {
                    gateway.worker(task, "w" + i).fail("the provider answered 500");
                }
                var told = first.readResponse();
                assertError(told, 502, "upstream_error");
                assertThat(told.header("idempotency-replayed")).isEmpty();
                var repeated = second.readResponse();
                assertThat(repeated.body()).isEqualTo(told.body());
                assertThat(repeated.header("x-should-retry")).isEqualTo("false");
                assertThat(repeated.header("idempotency-replayed")).isEqualTo("true");
            }
        }
        assertFree();
    }

    @Test
    void aProvidersRefusalFreesTheKeyAndIsToldToThoseWhoWait() {
        try (var first = ask(true)) {
            var worker = worker();
            try (var second = waiting(true)) {
                worker.answer(400, "{\"error\":{\"message\":\"too long\"}}").end();
                assertThat(first.readResponse().status()).isEqualTo(400);
                var told = second.readResponse();
                assertThat(told.status()).isEqualTo(400);
                assertThat(told.body()).contains("too long");
            }
        }
        Await.until("nothing is held", LIMIT, () -> held() == 0);
        assertFree();
    }

    @Test
    void whatIsNotAdmittedFreesTheKey() {
        gateway.queue().waiting(1_000_000);
        assertError(again(false), 503, "queue_full");
        gateway.queue().waiting(0);
        gateway.queue().breakDown();
        assertError(again(false), 503, "model_unavailable");
        gateway.queue().recover();
        assertFree();
    }

    @Test
    void aRequestThatIsNoneFreesTheKey() {
        try (var client = gateway.connect()) {
            client.post("/v1/chat/completions", "{", Map.of("idempotency-key", KEY));
            assertError(client.readResponse(), 400, "invalid_body");
        }
        assertFree();
    }

    @Test
    void aLimitFreesTheKey() {
        var one = new Limits(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty());
        var key = TestGateway.PRINCIPAL.key().orElseThrow();
        restart(Map.of(), limited(new Limited(Subject.key(key), one)));
        try (var running = gateway.ask()) {
            var worker = worker();
            assertError(again(false), 429, "concurrency_limit_exceeded");
            worker.answer(200, "{}").end();
            assertThat(running.readResponse().status()).isEqualTo(200);
        }
        assertFree();
    }

    private static Edge limited(Limited limited) {
        var who = TestGateway.PRINCIPAL;
        var principal =
                new Principal(
                        who.account(),
                        who.user(),
                        who.key(),
                        who.roles(),
                        who.groups(),
                        who.models(),
                        who.scopes(),
                        List.of(limited));
        return _ -> CompletableFuture.completedFuture(new Edge.Admitted(principal));
    }

    @Test
    void whoIsAnsweredByAnothersExecutionTakesNoneOfTheLimits() {
        var one = new Limits(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty());
        var key = TestGateway.PRINCIPAL.key().orElseThrow();
        restart(Map.of(), limited(new Limited(Subject.key(key), one)));
        try (var first = ask(false)) {
            var worker = worker();
            try (var second = waiting(false)) {
                worker.answer(200, "{}").end();
                assertThat(first.readResponse().status()).isEqualTo(200);
                assertThat(second.readResponse().status()).isEqualTo(200);
            }
            assertThat(again(false).status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLeavesFreesTheKeyAndWhoWaitsIsToldToComeBack() {
        var first = ask(true);
        var worker = worker().event("half");
        first.readHead();
        try (var second = waiting(true)) {
            first.close();
            var told = second.readResponse();
            assertError(told, 503, "idempotency_unfinished");
            assertThat(told.header("retry-after")).isEqualTo("1");
            assertThat(told.body()).contains("may have been worked on");
        }
        gateway.awaitIdle();
        assertThat(worker.heard()).isNotEmpty();
        assertFree();
    }

    @Test
    void aClientThatLeavesBeforeItsTaskIsRunFreesTheKey() {
        var first = ask(false);
        var task = gateway.queue().next();
        first.close();
        gateway.queue().awaitWithdrawn(task);
        assertFree();
    }

    @Test
    void aBrokenAnswerFreesTheKeyAndIsNoAnswerForOthers() {
        try (var first = ask(true)) {
            var worker = worker().event("half");
            try (var second = waiting(true)) {
                worker.close();
                var broken = first.readResponse();
                assertThat(broken.body()).contains("half").contains("event: error");
                assertThat(broken.end()).isNotEqualTo(BodyEnd.COMPLETE);
                var told = second.readResponse();
                assertError(told, 502, "upstream_error");
                assertThat(told.body()).doesNotContain("half");
            }
        }
        assertFree();
    }

    @Test
    void whoWaitsWhenALeaseLapsesIsToldToComeBackAndTheNextOneRuns() {
        store.running(KEY);
        try (var client = ask(false)) {
            Await.until("it waits", LIMIT, () -> store.looks() > 2);
            store.lapse();
            var told = client.readResponse();
            assertError(told, 503, "idempotency_unfinished");
            assertThat(told.header("retry-after")).isEqualTo("1");
            assertThat(told.header("idempotency-replayed")).isEmpty();
        }
        assertFree();
    }

    @Test
    void tooLongAnAnswerIsNotKeptAndItsRequestNotRunAgain() {
        var large = "{\"data\":\"" + "0123456789".repeat(110_000) + "\"}";
        try (var first = ask(false)) {
            var worker = worker();
            try (var second = waiting(false)) {
                worker.answer(200, large).end();
                assertThat(first.readResponse().body()).isEqualTo(large);
                assertError(second.readResponse(), 409, "idempotency_answer_not_kept");
            }
        }
        var refused = again(false);
        assertError(refused, 409, "idempotency_answer_not_kept");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(gateway.queue().isEmpty()).isTrue();
        assertThat(held()).isZero();
    }

    @Test
    void tooLongAStreamIsNotKeptEither() {
        var frame = "0123456789".repeat(10_000);
        try (var first = ask(true)) {
            var worker = worker();
            for (var i = 0; i < 11; i++) {
                worker.event(frame);
            }
            worker.end();
            assertThat(first.readResponse().body()).endsWith("data: [DONE]\n\n");
        }
        assertError(again(true), 409, "idempotency_answer_not_kept");
        assertThat(held()).isZero();
    }

    @Test
    void allThatIsRecordedTogetherIsBounded() {
        restart(Map.of("IDEMPOTENCY_MEMORY", "1MiB"), byKey());
        var half = "{\"data\":\"" + "0123456789".repeat(60_000) + "\"}";
        try (var first = ask(false, Map.of("x-api-key", "1"));
                var second = ask(false, Map.of("x-api-key", "2"))) {
            store.holdEnds();
            worker().answer(200, half).end();
            Await.until("the first is recorded", LIMIT, () -> held() > half.length());
            worker().answer(200, half).end();
            Await.until("both have ended", LIMIT, () -> store.heldEnds() == 2);
            assertThat(held()).isLessThan(1 << 20);
            store.letEnds();
            assertThat(first.readResponse().body()).isEqualTo(half);
            assertThat(second.readResponse().body()).isEqualTo(half);
        }
        try (var one = ask(false, Map.of("x-api-key", "1"));
                var two = ask(false, Map.of("x-api-key", "2"))) {
            var answers = List.of(one.readResponse(), two.readResponse());
            assertThat(answers).extracting(RawResponse::status).containsExactlyInAnyOrder(200, 409);
        }
        Await.until("nothing is held", LIMIT, () -> held() == 0);
    }

    /// Who asks is who their key says.
    private static Edge byKey() {
        return asked ->
                CompletableFuture.completedFuture(
                        new Edge.Admitted(
                                new Principal(
                                        new UUID(1, 1),
                                        new UUID(2, 2),
                                        Optional.ofNullable(asked.apiKey())
                                                .map(key -> new UUID(3, Long.parseLong(key))),
                                        Set.of(Principal.Role.MEMBER),
                                        Set.of(),
                                        Set.of())));
    }

    @Test
    void oneWhoAsksDoesNotHearWhatAnotherWasTold() {
        restart(Map.of(), byKey());
        var keys =
                List.of(
                        Map.of("x-api-key", "1"),
                        Map.of("x-api-key", "2"),
                        Map.<String, String>of());
        for (var key : keys) {
            try (var client = ask(false, key)) {
                worker().answer(200, "{\"of\":\"" + key + "\"}").end();
                assertThat(client.readResponse().header("idempotency-replayed")).isEmpty();
            }
        }
        for (var key : keys) {
            try (var client = ask(false, key)) {
                assertThat(client.readResponse().body()).isEqualTo("{\"of\":\"" + key + "\"}");
            }
        }
    }

    @Test
    void theEndIsToldWhenTheAnswerIsKeptOrTheStoreDoesNotAnswer() {
        store.holdEnds();
        try (var client = ask(true)) {
            worker().event("x").end();
            Await.until("it is being kept", LIMIT, () -> store.heldEnds() == 1);
            var heard = new StringBuilder();
            while (!heard.toString().contains("data: x\n\n")) {
                heard.append((char) client.readByte());
            }
            store.failEnds();
            while (!heard.toString().contains("[DONE]")) {
                heard.append((char) client.readByte());
            }
        }
        assertThat(store.ends()).as("it is tried again later, and not before").isEqualTo(1);
    }

    @Test
    void nobodyIsToldTheEndOfWhatIsNotKeptYet() {
        store.holdEnds();
        try (var client = ask(true)) {
            worker().event("x").end();
            Await.until("it is being kept", LIMIT, () -> store.heldEnds() == 1);
            client.waitAtMost(Duration.ofMillis(500));
            assertThat(client.readResponse())
                    .satisfies(
                            heard -> {
                                assertThat(heard.body()).isEqualTo("data: x\n\n");
                                assertThat(heard.end()).isEqualTo(BodyEnd.STALLED);
                            });
            store.letEnds();
        }
    }

    @Test
    void anAnswerThatThereIsNoRoomForIsGivenAgainLater() {
        restart(Map.of("IDEMPOTENCY_MEMORY", "1MiB"), byKey());
        var half = "{\"data\":\"" + "0123456789".repeat(60_000) + "\"}";
        var one = Map.of("x-api-key", "1");
        try (var first = ask(false, one)) {
            worker().answer(200, half).end();
            assertThat(first.readResponse().status()).isEqualTo(200);
        }
        store.holdEnds();
        try (var second = ask(false, Map.of("x-api-key", "2"))) {
            worker().answer(200, half).end();
            Await.until("it is recorded", LIMIT, () -> held() > half.length());
            try (var again = ask(false, one)) {
                var refused = again.readResponse();
                assertError(refused, 503, "overloaded");
                assertThat(refused.header("retry-after")).isEqualTo("1");
            }
            store.letEnds();
            assertThat(second.readResponse().body()).isEqualTo(half);
        }
        Await.until("there is room", LIMIT, () -> held() == 0);
        try (var again = ask(false, one)) {
            assertThat(again.readResponse().body()).isEqualTo(half);
        }
    }

    @Test
    void nobodyWaitsForEver() {
        restart(Map.of("START_BY", "500ms"), ANYBODY);
        store.running(KEY);
        var told = again(false);
        assertError(told, 503, "idempotency_unfinished");
        assertThat(told.body()).contains("still runs");
        assertThat(told.header("retry-after")).isEqualTo("1");
    }

    @Test
    void whoWaitsWhileTheStoreIsAwayIsToldSoAfterAWhile() {
        store.running(KEY);
        try (var client = waiting(false)) {
            store.away(true);
            assertError(client.readResponse(), 503, "idempotency_unavailable");
        }
    }

    @Test
    void aStoreThatIsAwayIsNotTakenForYes() {
        store.away(true);
        var refused = again(false);
        assertError(refused, 503, "idempotency_unavailable");
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(gateway.queue().isEmpty()).isTrue();
        try (var client = gateway.ask()) {
            worker().answer(200, "{}").end();
            assertThat(client.readResponse().status()).as("without a key").isEqualTo(200);
        }
        store.away(false);
        assertFree();
    }

    @Test
    void whoWaitsIsToldByAStoppingGateway() {
        store.running(KEY);
        try (var client = waiting(false)) {
            gateway.gateway().close();
            assertError(client.readResponse(), 503, "shutting_down");
        }
    }

    @Test
    void aStoppingGatewayTellsWhatRunsAndWhoWaitsForIt() {
        try (var first = ask(false);
                var second = waiting(false)) {
            gateway.queue().next();
            gateway.gateway().close();
            assertError(first.readResponse(), 503, "shutting_down");
            assertError(second.readResponse(), 503, "shutting_down");
        }
        assertThat(store.ends()).isEqualTo(1);
    }

    @Test
    void whoWaitsAndLeavesIsForgotten() {
        store.running(KEY);
        waiting(false).close();
        Await.until("nobody looks any more", LIMIT, () -> store.isQuiet());
    }
}
