// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.task.Task;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Bodies: too large, too slow, too many, cut off, or not to be read.
class BodiesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway =
                TestGateway.start(
                        Map.of(
                                "MAX_BODY", "1MiB",
                                "BODY_MEMORY", "1MiB",
                                "BODY_TIMEOUT", "300ms",
                                "IDLE_TIMEOUT", "500ms"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void assertError(RawResponse answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("x-request-id")).startsWith("req_");
        assertThat(answer.body())
                .contains("\"message\":", "\"type\":", "\"param\":", "\"code\":\"" + code + "\"");
    }

    private static String padded(int bytes) {
        return TestGateway.chat(false) + " ".repeat(bytes - TestGateway.chat(false).length());
    }

    /// All memory is free: a body of the greatest size is taken.
    private static void assertNothingIsHeld() {
        try (var client = gateway.connect().post(CHAT, padded(1 << 20))) {
            gateway.worker(gateway.queue().next(), "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void bodyOfTheGreatestSizeIsTaken() {
        assertNothingIsHeld();
        assertNothingIsHeld();
    }

    @Test
    void announcedLengthBeyondTheLimitIsRefused() {
        try (var client = gateway.connect().post(CHAT, padded((1 << 20) + 1))) {
            assertError(client.readResponse(), 413, "body_too_large");
        }
        assertNothingIsHeld();
    }

    @Test
    void chunkedBodyBeyondTheLimitIsRefused() {
        try (var client = gateway.connect()) {
            client.send(
                    "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            var chunk = "x".repeat(64 << 10);
            for (int i = 0; i < 18; i++) {
                client.send("10000\r\n" + chunk + "\r\n");
            }
            client.send("0\r\n\r\n");
            assertError(client.readResponse(), 413, "body_too_large");
        }
        assertNothingIsHeld();
    }

    @Test
    void bodyThatStopsIsRefused() {
        try (var client = gateway.connect()) {
            client.send(RawHttp.postText(CHAT, padded(1000), Map.of()).substring(0, 400));
            assertError(client.readResponse(), 408, "request_timeout");
        }
        assertNothingIsHeld();
    }

    @Test
    void clientThatLeavesInItsBodyFreesItsMemory() {
        for (int i = 0; i < 4; i++) {
            var client = gateway.connect();
            client.send(RawHttp.postText(CHAT, padded(1 << 20), Map.of()).substring(0, 900_000));
            client.reset();
        }
        Await.until(
                "the memory is free",
                Duration.ofSeconds(10),
                () -> {
                    try (var client = gateway.connect().post(CHAT, padded(1 << 20))) {
                        var answered = client.waitAtMost(Duration.ofMillis(300));
                        if (answered.readHead().status() == 503) {
                            return false;
                        }
                        gateway.worker(gateway.queue().next(), "a").answer(200, "{}").end();
                        return true;
                    }
                });
        gateway.awaitIdle();
    }

    @Test
    void bodiesTogetherAreBounded() {
        try (var first = gateway.connect().post(CHAT, padded(700_000))) {
            var task = gateway.queue().next();
            try (var second = gateway.connect().post(CHAT, padded(700_000))) {
                var answer = second.readResponse();
                assertError(answer, 503, "overloaded");
                assertThat(answer.header("retry-after")).isEqualTo("1");
            }
            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(first.readResponse().status()).isEqualTo(200);
        }
        assertNothingIsHeld();
    }

    /// Room that is made for a body counts, before there is anything in it.
    @Test
    void halfOfABodyHoldsNoMoreThanItsWhole() {
        try (var first = gateway.connect()) {
            first.send(RawHttp.postText(CHAT, padded(800_000), Map.of()).substring(0, 300_000));
            Await.until(
                    "half of it is there",
                    Duration.ofSeconds(10),
                    () -> gateway.bodyBytes() >= 300_000);
            assertThat(gateway.bodyBytes()).isEqualTo(512 << 10);
            try (var second = gateway.connect().post(CHAT, padded(600_000))) {
                assertError(second.readResponse(), 503, "overloaded");
            }
        }
        Await.until("it is free", Duration.ofSeconds(10), () -> gateway.bodyBytes() == 0);
    }

    @Test
    void largeBodyIsFreedWithTheFirstFrame() {
        try (var first = gateway.connect().post(CHAT, padded(900_000).replace("false", " true"))) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("x");
            assertNothingIsHeld();
            worker.end();
            assertThat(first.readResponse().body()).contains("[DONE]");
        }
    }

    @Test
    void compressedBodiesAreRefused() {
        try (var client = gateway.connect().post(CHAT, "x", Map.of("content-encoding", "gzip"))) {
            assertError(client.readResponse(), 415, "unsupported_content_encoding");
        }
    }

    @Test
    void nameOfHalfACharacterIsAnUnknownModel() {
        try (var client =
                gateway.connect().post(CHAT, "{\"model\":\"\\ud83e\",\"messages\":[{}]}")) {
            assertError(client.readResponse(), 404, "model_not_found");
        }
    }

    @Test
    void headersThatTrickleInAreCutOff() {
        try (var client = gateway.connect()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nx-slow: ");

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"code\":\"request_timeout\"");
        }
    }

    @Test
    void connectionThatHasServedIsClosedInSilence() {
        try (var client = gateway.connect()) {
            assertThat(client.get("/livez").readResponse().body()).isEqualTo("ok\n");

            assertThat(client.readHead().status()).isZero();
        }
    }

    @Test
    void connectionWithARunningAnswerIsNotIdle() {
        try (var client = gateway.ask()) {
            var task = gateway.queue().next();
            // Longer than the idle time; seen on another connection.
            try (var other = gateway.connect()) {
                assertThat(other.get("/livez").readResponse().status()).isEqualTo(200);
                assertThat(other.readHead().status()).isZero();
            }
            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void connectionServesOneRequestAfterTheOther() {
        try (var client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                client.post(CHAT, TestGateway.chat(false));
                gateway.worker(gateway.queue().next(), "a").answer(200, "{\"i\":" + i + "}").end();
                assertThat(client.readResponse().body()).isEqualTo("{\"i\":" + i + "}");
            }
        }
    }

    @Test
    void bytesOfABodyArriveUntouched() {
        var body = "{\"x\":\"é模🦊\",\"model\":\"m\",\"messages\":[{}]}";
        try (var client = gateway.connect().post(CHAT, body)) {
            var task = gateway.queue().next();
            assertThat(task.body())
                    .isInstanceOfSatisfying(
                            Task.Inline.class,
                            inline ->
                                    assertThat(inline.bytes())
                                            .isEqualTo(body.getBytes(StandardCharsets.UTF_8)));
            gateway.worker(task, "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }
}
