// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private static void isAnError(RawResponse response, String code) {
        var error = Call.json(response.body()).get("error");
        assertThat(error.fieldNames())
                .toIterable()
                .containsExactly("message", "type", "param", "code");
        assertThat(error.get("message").asText()).isNotEmpty();
        assertThat(error.get("type").asText()).isNotEmpty();
        assertThat(error.get("code").asText()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "400, unsupported_value",
        "401, invalid_api_key",
        "402, insufficient_quota",
        "403, permission_denied",
        "404, model_not_found",
        "408, request_timeout",
        "409, conflict",
        "413, request_too_large",
        "422, null",
        "429, rate_limit_exceeded",
        "500, null",
        "502, null",
        "503, null"
    })
    void statusComesWithOpenAiErrorBody(int status, String code) {
        var response = call.whole("fake;status=" + status);
        assertThat(response.status()).isEqualTo(status);
        isAnError(response, code);

        try (var stream = call.stream("fake;status=" + status)) {
            assertThat(stream.status()).isEqualTo(status);
        }
    }

    @Test
    void retryAfterIsSentInBothForms() {
        var whole = call.whole("fake;status=429;retry-after=7;code=insufficient_quota");
        assertThat(whole.header("retry-after")).isEqualTo("7");
        assertThat(whole.header("retry-after-ms")).isEqualTo("7000");
        isAnError(whole, "insufficient_quota");

        var fraction = call.whole("fake;status=503;retry-after=1200ms");
        assertThat(fraction.header("retry-after")).isEqualTo("2");
        assertThat(fraction.header("retry-after-ms")).isEqualTo("1200");
    }

    @Test
    void policyIsTheClientsFault() {
        var response = call.whole("fake;policy");
        assertThat(response.status()).isEqualTo(400);
        isAnError(response, "content_policy_violation");
    }

    @Test
    void firstRequestsOfAModelFailAndThenItHeals() {
        assertThat(call.whole("fake;fail=2;status=503").status()).isEqualTo(503);
        assertThat(call.whole("fake;fail=2;status=502").status()).isEqualTo(502);
        assertThat(call.whole("fake;fail=2;status=503").status()).isEqualTo(503);
        assertThat(call.whole("fake;fail=2;status=503").status()).isEqualTo(200);
        assertThat(call.whole("fake;fail=1").status()).isEqualTo(500);
        assertThat(call.whole("fake;fail=1").status()).isEqualTo(200);
    }

    @Test
    void onlyTheRightKeyIsServed() {
        var url = provider.baseUrl() + "/chat/completions";
        var body = Call.body("fake;key=sk-good", "");
        var limit = Duration.ofSeconds(20);
        assertThat(call.whole("fake;key=sk-good").status()).isEqualTo(401);
        try (var good =
                SseClient.post(url, body, Map.of("authorization", "Bearer sk-good"), limit)) {
            assertThat(good.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"cut=3, RESET", "close=3, COMPLETE", "hang-up=3, TRUNCATED"})
    void streamBreaksAfterSoManyEvents(String words, BodyEnd end) {
        for (var pace : new String[] {"", ";interval=5ms", ";split"}) {
            try (var stream = call.stream("fake;" + words + pace)) {
                assertThat(Call.text(stream.data())).isEqualTo("t0 t1");
                assertThat(stream.end()).isEqualTo(end);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"cut=1, RESET", "close=1, TRUNCATED", "hang-up=1, TRUNCATED"})
    void wholeAnswerBreaksInItsMiddle(String words, BodyEnd end) {
        var response = call.whole("fake;" + words);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\"id\"");
        assertThat(response.end()).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource({"cut, RESET", "hang-up, TRUNCATED"})
    void wholeAnswerMayNotEvenBegin(String words, BodyEnd end) {
        var response = call.whole("fake;" + words);
        assertThat(response.status()).isEqualTo(0);
        assertThat(response.end()).isEqualTo(end);
    }

    @Test
    void silenceLasts() {
        var url = provider.baseUrl() + "/chat/completions";
        var limit = Duration.ofSeconds(2);
        try (var none = SseClient.post(url, Call.body("fake;silent", ""), Map.of(), limit)) {
            assertThat(none.status()).isEqualTo(0);
            assertThat(none.end()).isEqualTo(BodyEnd.STALLED);
        }
        var body = Call.body("fake;silent-after=3", ",\"stream\":true");
        try (var some = SseClient.post(url, body, Map.of(), limit)) {
            assertThat(some.data()).hasSize(3);
            assertThat(some.end()).isEqualTo(BodyEnd.STALLED);
        }
    }

    @Test
    void eventMayBeBrokenJson() {
        try (var stream = call.stream("fake;malformed=2;tokens=3")) {
            var data = stream.data();
            assertThat(data).hasSize(6);
            assertThat(data.get(1)).startsWith("{\"id\":").doesNotEndWith("}");
            assertThat(Call.json(data.get(2)).at("/choices/0/delta/content").asText())
                    .isEqualTo(" t1");
        }
    }

    @ParameterizedTest
    @CsvSource({"stream-error=2, 2", "error-first, 1"})
    void eventMayBeAnError(String words, int events) {
        try (var stream = call.stream("fake;" + words)) {
            var data = stream.data();
            assertThat(stream.status()).isEqualTo(200);
            assertThat(data).hasSize(events);
            assertThat(Call.json(data.getLast()).at("/error/type").asText())
                    .isEqualTo("server_error");
        }
    }

    @Test
    void answerMayBeNoAnswerAtAll() {
        var nonsense = call.whole("fake;nonsense");
        assertThat(nonsense.header("content-type")).isEqualTo("text/html");
        assertThat(nonsense.status()).isEqualTo(200);

        var broken = call.whole("fake;not-json");
        assertThat(broken.header("content-type")).isEqualTo("application/json");
        assertThat(broken.body()).startsWith("{").doesNotEndWith("}");

        var redirect = call.whole("fake;redirect");
        assertThat(redirect.status()).isEqualTo(307);
        assertThat(redirect.header("location")).isEqualTo("/redirected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fake;tokns=3", "fake;tokens=many", "fake;ttft=3days", "fake;"})
    void misspeltScriptIsRefused(String model) {
        var response = call.whole(model);
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).contains("invalid_request_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{} x", "{\"model\":\"fake\"} {}", "{\"messages\":[]}"})
    void unreadableRequestIsRefused(String body) {
        var response = call.post(Call.CHAT, body);
        assertThat(response.status()).isEqualTo(400);
        isAnError(response, "null");
    }

    @Test
    void unknownPathIsNotFound() {
        assertThat(call.post("/v1/responses", "{}").status()).isEqualTo(404);
        assertThat(call.post("/v1/models", "{}").status()).isEqualTo(405);
    }

    @Test
    void plainNameCanBeGivenAScript() {
        provider.script("gpt-4o-mini", "fail=1;status=429");
        assertThat(call.whole("gpt-4o-mini").status()).isEqualTo(429);
        assertThat(call.whole("gpt-4o-mini").status()).isEqualTo(200);

        provider.script("gpt-4o-mini", "status=503");
        assertThat(call.whole("gpt-4o-mini").status()).isEqualTo(503);
        assertThat(call.whole("another").status()).isEqualTo(200);
    }
}
