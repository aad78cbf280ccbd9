// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static io.uplion.gateway.idempotency.RepeatingClients.readUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One execution for all who ask with one key, from their side.
class IdempotencyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String KEY = "4b1c-~!";

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start(Map.of("KEEP_ALIVE", "100ms", "HEADERS_WAIT", "100ms"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private RawHttp ask(String key, String body) {
        return gateway.connect()
                .waitAtMost(LIMIT)
                .post("/v1/chat/completions", body, Map.of("idempotency-key", key));
    }

    private RawHttp ask(boolean stream) {
        return ask(KEY, TestGateway.chat(stream));
    }

    private RawResponse again(boolean stream) {
        try (var client = ask(stream)) {
            return client.readResponse();
        }
    }

    private RawResponse other() {
        try (var client = ask(KEY, TestGateway.chat(false).replace("hi", "ho"))) {
            return client.readResponse();
        }
    }

    private FakeWorker worker() {
        return gateway.worker(gateway.queue().next(), "a");
    }

    private double count(String outcome) {
        var counter =
                gateway.meters()
                        .find("uplion.gateway.idempotency.requests")
                        .tag("outcome", outcome)
                        .counter();
        return counter == null ? 0 : counter.count();
    }

    private static void assertError(RawResponse answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(answer.header("idempotency-replayed")).isEmpty();
    }

    private static void assertReplay(RawResponse answer, RawResponse first) {
        assertThat(answer.status()).isEqualTo(first.status());
        assertThat(answer.body()).isEqualTo(first.body());
        assertThat(answer.header("content-type")).isEqualTo(first.header("content-type"));
        assertThat(answer.end()).isEqualTo(BodyEnd.COMPLETE);
        assertThat(answer.header("idempotency-replayed")).isEqualTo("true");
        assertThat(answer.header("x-uplion-first-request-id"))
                .isEqualTo(first.header("x-request-id"));
        assertThat(answer.header("x-request-id"))
                .startsWith("req_")
                .isNotEqualTo(first.header("x-request-id"));
    }

    @Test
    void anAnswerIsGivenAgainWithoutAnotherExecution() {
        try (var client = ask(false)) {
            worker().answer(200, "{\"a\":\"ä\"}").end();
            var first = client.readResponse();
            assertThat(first.header("idempotency-replayed")).isEmpty();

            assertReplay(again(false), first);
            gateway.catalog().remove("pool-a");
            assertReplay(again(false), first);
        }
        assertThat(gateway.queue().isEmpty()).isTrue();
        assertThat(count("first")).isEqualTo(1);
        assertThat(count("replayed")).isEqualTo(2);
    }

    @Test
    void aStreamIsGivenAgainByteForByteWithoutWhatWasSaidInItsSilences() {
        try (var client = ask(true)) {
            var worker = worker();
            worker.event("one");
            readUntil(client, ": keep-alive");
            worker.event("two").end();
            readUntil(client, "[DONE]");

            var answer = again(true);
            assertThat(answer.body()).isEqualTo("data: one\n\ndata: two\n\ndata: [DONE]\n\n");
            assertThat(answer.header("content-type")).startsWith("text/event-stream");
            assertThat(answer.header("idempotency-replayed")).isEqualTo("true");
            assertThat(answer.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void manyAtOnceAreOneExecutionAndGetTheSameAnswer() {
        var clients = IntStream.range(0, 50).mapToObj(_ -> ask(false)).toList();
        var worker = worker();
        Await.until(
                "all others wait",
                LIMIT,
                () -> gateway.openRequests() == 1 && bodies() <= TestGateway.chat(false).length());
        worker.answer(200, "{\"a\":1}").end();

        for (var client : clients) {
            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"a\":1}");
            client.close();
        }
        assertThat(gateway.queue().isEmpty()).isTrue();
        assertThat(count("first")).isEqualTo(1);
        assertThat(count("replayed")).isEqualTo(49);
        Await.until("nothing is held", LIMIT, () -> held() == 0);
    }

    private long bodies() {
        return gateway.bodyBytes();
    }

    private double held() {
        return gateway.meters().get("uplion.gateway.idempotency.bytes").gauge().value();
    }

    @Test
    void whoWaitsForAStreamIsKeptAlive() {
        try (var first = ask(true)) {
            var worker = worker();
            try (var second = SseClient.read(ask(true))) {
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.head().header("idempotency-replayed")).isEqualTo("true");
                worker.event("x").end();
                assertThat(second.data()).containsExactly("x", "[DONE]");
                assertThat(second.comments()).isNotEmpty().containsOnly("keep-alive");
                assertThat(second.end()).isEqualTo(BodyEnd.COMPLETE);
            }
            assertThat(first.readResponse().body()).contains("data: x\n\ndata: [DONE]");
        }
    }

    @Test
    void anotherBodyUnderTheSameKeyIsRefused() {
        try (var first = ask(false)) {
            var worker = worker();
            assertError(other(), 422, "idempotency_key_reused");
            worker.answer(200, "{}").end();
            first.readResponse();
            assertError(other(), 422, "idempotency_key_reused");
        }
        assertThat(gateway.queue().isEmpty()).isTrue();
    }

    @Test
    void keysAreToldApart() {
        try (var first = ask("a", TestGateway.chat(false));
                var second = ask("A", TestGateway.chat(false));
                var third =
                        gateway.connect()
                                .post(
                                        "/v1/completions",
                                        "{\"model\":\"m\",\"prompt\":\"hi\"}",
                                        Map.of("idempotency-key", "a"))) {
            for (var i = 0; i < 3; i++) {
                worker().answer(200, "{}").end();
            }
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
            assertThat(third.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void withoutAKeyEveryRequestRuns() {
        try (var first = gateway.ask();
                var second = gateway.ask()) {
            worker().answer(200, "{}").end();
            worker().answer(200, "{}").end();
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        for (var key : new String[] {"", "two words", "ä", "a".repeat(256)}) {
            try (var client = ask(key, TestGateway.chat(false))) {
                var refused = client.readResponse();
                assertError(refused, 400, "invalid_value");
                assertThat(refused.body()).contains("\"param\":\"idempotency-key\"");
            }
        }
        try (var client = gateway.connect()) {
            client.send(
                    RawHttp.postText(
                                    "/v1/chat/completions",
                                    TestGateway.chat(false),
                                    Map.of("idempotency-key", "a"))
                            .replaceFirst("(?i)idempotency-key", "idempotency-key: b\r\n$0"));
            assertError(client.readResponse(), 400, "invalid_value");
        }
        try (var client = ask("a".repeat(255), TestGateway.chat(false))) {
            worker().answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(bodies()).isZero();
    }
}
