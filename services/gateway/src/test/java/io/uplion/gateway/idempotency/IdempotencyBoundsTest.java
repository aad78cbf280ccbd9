// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static io.uplion.gateway.idempotency.RepeatingClients.ANYBODY;
import static io.uplion.gateway.idempotency.RepeatingClients.KEY;
import static io.uplion.gateway.idempotency.RepeatingClients.assertError;
import static io.uplion.gateway.idempotency.RepeatingClients.byKey;
import static io.uplion.gateway.idempotency.RepeatingClients.readUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What those who ask with one key get of a store that is slow or away, of memory that is full, and
/// of a gateway that stops.
class IdempotencyBoundsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RepeatingClients clients = new RepeatingClients();

    @AfterEach
    void stop() {
        clients.close();
    }

    @Test
    void allThatIsRecordedTogetherIsBounded() {
        clients.restart(Map.of("IDEMPOTENCY_MEMORY", "1MiB"), byKey());
        var half = "{\"data\":\"" + "0123456789".repeat(60_000) + "\"}";
        try (var first = clients.ask(false, Map.of("x-api-key", "1"));
                var second = clients.ask(false, Map.of("x-api-key", "2"))) {
            clients.store().holdEnds();
            clients.worker().answer(200, half).end();
            Await.until("the first is recorded", LIMIT, () -> clients.held() > half.length());
            clients.worker().answer(200, half).end();
            Await.until("both have ended", LIMIT, () -> clients.store().heldEnds() == 2);
            assertThat(clients.held()).isLessThan(1 << 20);
            clients.store().letEnds();
            assertThat(first.readResponse().body()).isEqualTo(half);
            assertThat(second.readResponse().body()).isEqualTo(half);
        }
        try (var one = clients.ask(false, Map.of("x-api-key", "1"));
                var two = clients.ask(false, Map.of("x-api-key", "2"))) {
            var answers = List.of(one.readResponse(), two.readResponse());
            assertThat(answers).extracting(RawResponse::status).containsExactlyInAnyOrder(200, 409);
        }
        Await.until("nothing is held", LIMIT, () -> clients.held() == 0);
    }

    @Test
    void oneWhoAsksDoesNotHearWhatAnotherWasTold() {
        clients.restart(Map.of(), byKey());
        var keys =
                List.of(
                        Map.of("x-api-key", "1"),
                        Map.of("x-api-key", "2"),
                        Map.<String, String>of());
        for (var key : keys) {
            try (var client = clients.ask(false, key)) {
                clients.worker().answer(200, "{\"of\":\"" + key + "\"}").end();
                assertThat(client.readResponse().header("idempotency-replayed")).isEmpty();
            }
        }
        for (var key : keys) {
            try (var client = clients.ask(false, key)) {
                assertThat(client.readResponse().body()).isEqualTo("{\"of\":\"" + key + "\"}");
            }
        }
    }

    @Test
    void theEndIsToldWhenTheAnswerIsKeptOrTheStoreDoesNotAnswer() {
        clients.store().holdEnds();
        try (var client = clients.ask(true)) {
            clients.worker().event("x").end();
            Await.until("it is being kept", LIMIT, () -> clients.store().heldEnds() == 1);
            readUntil(client, "data: x\n\n");
            clients.store().failEnds();
            readUntil(client, "[DONE]");
        }
        assertThat(clients.store().ends())
                .as("it is tried again later, and not before")
                .isEqualTo(1);
    }

    @Test
    void nobodyIsToldTheEndOfWhatIsNotKeptYet() {
        clients.store().holdEnds();
        try (var client = clients.ask(true)) {
            clients.worker().event("x").end();
            Await.until("it is being kept", LIMIT, () -> clients.store().heldEnds() == 1);
            client.waitAtMost(Duration.ofMillis(500));
            assertThat(client.readResponse())
                    .satisfies(
                            heard -> {
                                assertThat(heard.body()).isEqualTo("data: x\n\n");
                                assertThat(heard.end()).isEqualTo(BodyEnd.STALLED);
                            });
            clients.store().letEnds();
        }
    }

    @Test
    void anAnswerThatThereIsNoRoomForIsGivenAgainLater() {
        clients.restart(Map.of("IDEMPOTENCY_MEMORY", "1MiB"), byKey());
        var half = "{\"data\":\"" + "0123456789".repeat(60_000) + "\"}";
        var one = Map.of("x-api-key", "1");
        try (var first = clients.ask(false, one)) {
            clients.worker().answer(200, half).end();
            assertThat(first.readResponse().status()).isEqualTo(200);
        }
        clients.store().holdEnds();
        try (var second = clients.ask(false, Map.of("x-api-key", "2"))) {
            clients.worker().answer(200, half).end();
            Await.until("it is recorded", LIMIT, () -> clients.held() > half.length());
            try (var again = clients.ask(false, one)) {
                var refused = again.readResponse();
                assertError(refused, 503, "overloaded");
                assertThat(refused.header("retry-after")).isEqualTo("1");
            }
            clients.store().letEnds();
            assertThat(second.readResponse().body()).isEqualTo(half);
        }
        Await.until("there is room", LIMIT, () -> clients.held() == 0);
        try (var again = clients.ask(false, one)) {
            assertThat(again.readResponse().body()).isEqualTo(half);
        }
    }

    @Test
    void nobodyWaitsForEver() {
        clients.restart(Map.of("START_BY", "500ms"), ANYBODY);
        clients.store().running(KEY);
        var told = clients.again(false);
        assertError(told, 503, "idempotency_unfinished");
        assertThat(told.body()).contains("still runs");
        assertThat(told.header("retry-after")).isEqualTo("1");
    }

    @Test
    void whoWaitsWhileTheStoreIsAwayIsToldSoAfterAWhile() {
        clients.store().running(KEY);
        try (var client = clients.waiting(false)) {
            clients.store().away(true);
            assertError(client.readResponse(), 503, "idempotency_unavailable");
        }
    }

    @Test
    void aStoreThatIsAwayIsNotTakenForYes() {
        clients.store().away(true);
        var refused = clients.again(false);
        assertError(refused, 503, "idempotency_unavailable");
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(clients.gateway().queue().isEmpty()).isTrue();
        try (var client = clients.gateway().ask()) {
            clients.worker().answer(200, "{}").end();
            assertThat(client.readResponse().status()).as("without a key").isEqualTo(200);
        }
        clients.store().away(false);
        clients.assertFree();
    }

    @Test
    void whoWaitsIsToldByAStoppingGateway() {
        clients.store().running(KEY);
        try (var client = clients.waiting(false)) {
            clients.gateway().gateway().close();
            assertError(client.readResponse(), 503, "shutting_down");
        }
    }

    @Test
    void aStoppingGatewayTellsWhatRunsAndWhoWaitsForIt() {
        try (var first = clients.ask(false);
                var second = clients.waiting(false)) {
            clients.gateway().queue().next();
            clients.gateway().gateway().close();
            assertError(first.readResponse(), 503, "shutting_down");
            assertError(second.readResponse(), 503, "shutting_down");
        }
        assertThat(clients.store().ends()).isEqualTo(1);
    }

    @Test
    void whoWaitsAndLeavesIsForgotten() {
        clients.store().running(KEY);
        clients.waiting(false).close();
        Await.until("nobody looks any more", LIMIT, () -> clients.store().isQuiet());
    }
}
