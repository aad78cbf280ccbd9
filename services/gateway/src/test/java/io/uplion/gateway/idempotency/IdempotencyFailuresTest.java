// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static io.uplion.gateway.idempotency.RepeatingClients.KEY;
import static io.uplion.gateway.idempotency.RepeatingClients.assertError;
import static io.uplion.gateway.idempotency.RepeatingClients.limited;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import io.uplion.task.FromWorker;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What those who ask with one key are told when it does not go well.
class IdempotencyFailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RepeatingClients clients = new RepeatingClients();

    @AfterEach
    void stop() {
        clients.close();
    }

    @Test
    void anErrorBeforeTheAnswerFreesTheKeyAndIsToldToThoseWhoWait() {
        try (var first = clients.ask(false)) {
            var task = clients.gateway().queue().next();
            try (var second = clients.waiting(false)) {
                for (var i = 0; i < 3; i++) {
                    clients.gateway().worker(task, "w" + i).fail("the provider answered 500");
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
        clients.assertFree();
    }

    @Test
    void aProvidersRefusalFreesTheKeyAndIsToldToThoseWhoWait() {
        try (var first = clients.ask(true)) {
            var worker = clients.worker();
            try (var second = clients.waiting(true)) {
                worker.answer(400, "{\"error\":{\"message\":\"too long\"}}").end();
                assertThat(first.readResponse().status()).isEqualTo(400);
                var told = second.readResponse();
                assertThat(told.status()).isEqualTo(400);
                assertThat(told.body()).contains("too long");
            }
        }
        Await.until("nothing is held", LIMIT, () -> clients.held() == 0);
        clients.assertFree();
    }

    @Test
    void whatIsNotAdmittedFreesTheKey() {
        clients.gateway().queue().waiting(1_000_000);
        assertError(clients.again(false), 503, "queue_full");
        clients.gateway().queue().waiting(0);
        clients.gateway().queue().breakDown();
        assertError(clients.again(false), 503, "model_unavailable");
        clients.gateway().queue().recover();
        clients.assertFree();
    }

    @Test
    void aRequestThatIsNoneFreesTheKey() {
        try (var client = clients.gateway().connect()) {
            client.post("/v1/chat/completions", "{", Map.of("idempotency-key", KEY));
            assertError(client.readResponse(), 400, "invalid_body");
        }
        clients.assertFree();
    }

    @Test
    void aLimitFreesTheKey() {
        var one = new Limits(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty());
        var key = TestGateway.PRINCIPAL.key().orElseThrow();
        clients.restart(Map.of(), limited(new Limited(Subject.key(key), one)));
        try (var running = clients.gateway().ask()) {
            var worker = clients.worker();
            assertError(clients.again(false), 429, "concurrency_limit_exceeded");
            worker.answer(200, "{}").end();
            assertThat(running.readResponse().status()).isEqualTo(200);
        }
        clients.assertFree();
    }

    @Test
    void whoIsAnsweredByAnothersExecutionTakesNoneOfTheLimits() {
        var one = new Limits(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty());
        var key = TestGateway.PRINCIPAL.key().orElseThrow();
        clients.restart(Map.of(), limited(new Limited(Subject.key(key), one)));
        try (var first = clients.ask(false)) {
            var worker = clients.worker();
            try (var second = clients.waiting(false)) {
                worker.answer(200, "{}").end();
                assertThat(first.readResponse().status()).isEqualTo(200);
                assertThat(second.readResponse().status()).isEqualTo(200);
            }
            assertThat(clients.again(false).status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLeavesFreesTheKeyAndWhoWaitsIsToldToComeBack() {
        var first = clients.ask(true);
        var worker = clients.worker().event("half");
        first.readHead();
        try (var second = clients.waiting(true)) {
            first.close();
            var told = second.readResponse();
            assertError(told, 503, "idempotency_unfinished");
            assertThat(told.header("retry-after")).isEqualTo("1");
            assertThat(told.body()).contains("may have been worked on");
        }
        clients.gateway().awaitIdle();
        assertThat(worker.heard()).isNotEmpty();
        clients.assertFree();
    }

    @Test
    void aClientThatLeavesBeforeItsTaskIsRunFreesTheKey() {
        var first = clients.ask(false);
        var task = clients.gateway().queue().next();
        first.close();
        clients.gateway().queue().awaitWithdrawn(task);
        clients.assertFree();
    }

    @Test
    void aBrokenAnswerFreesTheKeyAndIsNoAnswerForOthers() {
        try (var first = clients.ask(true)) {
            var worker = clients.worker().event("half");
            try (var second = clients.waiting(true)) {
                worker.close();
                var broken = first.readResponse();
                assertThat(broken.body()).contains("half").contains("event: error");
                assertThat(broken.end()).isNotEqualTo(BodyEnd.COMPLETE);
                var told = second.readResponse();
                assertError(told, 502, "upstream_error");
                assertThat(told.body()).doesNotContain("half");
            }
        }
        clients.assertFree();
    }

    @Test
    void whoWaitsWhenALeaseLapsesIsToldToComeBackAndTheNextOneRuns() {
        clients.store().running(KEY);
        try (var client = clients.ask(false)) {
            Await.until("it waits", LIMIT, () -> clients.store().looks() > 2);
            clients.store().lapse();
            var told = client.readResponse();
            assertError(told, 503, "idempotency_unfinished");
            assertThat(told.header("retry-after")).isEqualTo("1");
            assertThat(told.header("idempotency-replayed")).isEmpty();
        }
        clients.assertFree();
    }

    /// What cannot be sent breaks the connection, for the first as for the others.
    @Test
    void nobodyHangsOnAnAnswerThatCannotBeTold() {
        try (var first = clients.ask(false)) {
            var worker = clients.worker();
            try (var second = clients.waiting(false)) {
                worker.say(new FromWorker.Answer(200, "a\r\nb", new byte[] {'{', '}'})).end();
                assertThat(first.readByte()).isEqualTo(-1);
                assertThat(second.readByte()).isEqualTo(-1);
                assertThat(first.end()).isNotEqualTo(BodyEnd.STALLED);
                assertThat(second.end()).isNotEqualTo(BodyEnd.STALLED);
            }
        }
        clients.gateway().awaitIdle();
    }

    @Test
    void tooLongAnAnswerIsNotKeptAndItsRequestNotRunAgain() {
        var large = "{\"data\":\"" + "0123456789".repeat(110_000) + "\"}";
        try (var first = clients.ask(false)) {
            var worker = clients.worker();
            try (var second = clients.waiting(false)) {
                worker.answer(200, large).end();
                assertThat(first.readResponse().body()).isEqualTo(large);
                assertError(second.readResponse(), 409, "idempotency_answer_not_kept");
            }
        }
        var refused = clients.again(false);
        assertError(refused, 409, "idempotency_answer_not_kept");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(clients.gateway().queue().isEmpty()).isTrue();
        assertThat(clients.held()).isZero();
    }

    @Test
    void tooLongAStreamIsNotKeptEither() {
        var frame = "0123456789".repeat(10_000);
        try (var first = clients.ask(true)) {
            var worker = clients.worker();
            for (var i = 0; i < 11; i++) {
                worker.event(frame);
            }
            worker.end();
            assertThat(first.readResponse().body()).endsWith("data: [DONE]\n\n");
        }
        assertError(clients.again(true), 409, "idempotency_answer_not_kept");
        assertThat(clients.held()).isZero();
    }
}
