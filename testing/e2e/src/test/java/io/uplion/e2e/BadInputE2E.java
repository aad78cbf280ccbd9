// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.store.key.ApiKey;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients can send that is wrong: always the error object, never a 5xx of ours.
class BadInputE2E {
    private static LogCapture log;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        log = new LogCapture();
        platform = Platform.start();
        api = new Api(platform);
        platform.provider().script("fake", "tokens=2");
    }

    @AfterAll
    static void stop() {
        log.assertNoTrace();
        log.close();
        platform.close();
    }

    @AfterEach
    void nothingIsHeld() {
        Await.until(
                "no body is held",
                Duration.ofSeconds(20),
                () -> api.metric("uplion_gateway_body_bytes") == 0);
        assertThat(api.metric("uplion_gateway_errors_total", "internal_error")).isZero();
        assertThat(api.chat("fake", "").status()).isEqualTo(200);
    }

    private static RawResponse with(String authorization, String body) {
        try (var http = api.connect()) {
            return http.post(Api.CHAT, body, Map.of("authorization", authorization)).readResponse();
        }
    }

    @Test
    void noKeyIsTold() {
        try (var http = api.connect()) {
            for (String path : List.of(Api.CHAT, "/v1/completions", "/v1/embeddings")) {
                Api.assertError(http.post(path, "{}").readResponse(), 401, "missing_api_key");
            }
            Api.assertError(http.get("/v1/models").readResponse(), 401, "missing_api_key");
            Api.assertError(http.get("/v1/models/fake").readResponse(), 401, "missing_api_key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer nonsense",
                "Bearer upl_",
                "Bearer sk-1234567890",
                "Bearer upl_0000000000000000000000000000000000000000000000000",
                "Basic dXNlcjpwYXNz",
                "Bearer \u00e9\u00e9",
                "nonsense"
            })
    void wrongKeyIsTold(String authorization) {
        var answer = with(authorization, Api.chatBody("fake", ""));
        assertThat(answer.status()).isEqualTo(401);
        Api.assertErrorObject(answer.body());
        assertThat(answer.header("x-request-id")).startsWith("req_");
    }

    @Test
    void wellFormedKeyThatNobodyHasIsTold() {
        var unknown = ApiKey.generate(new SecureRandom()).secret().reveal();
        Api.assertError(with("Bearer " + unknown, "{}"), 401, "invalid_api_key");
    }

    @Test
    void noBodyIsReadBeforeTheKeyIsAccepted() {
        try (var http = api.connect()) {
            http.send(
                    "POST "
                            + Api.CHAT
                            + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong\r\n"
                            + "content-length: 1000000\r\n\r\n{");
            Api.assertError(http.readResponse(), 401, "invalid_api_key");
        }
    }

    @Test
    void refusedClientThatGoesOnSendingGetsItsAnswer() {
        var body = Api.chatBody("fake", ",\"x\":\"" + "y".repeat(3 << 20) + "\"");
        for (int i = 0; i < 5; i++) {
            Api.assertError(with("Bearer wrong", body), 401, "invalid_api_key");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|invalid_body",
                "{|invalid_body",
                "{\"model\":\"fake\"|invalid_body",
                "not json|invalid_body",
                "[]|invalid_body",
                "\"text\"|invalid_body",
                "5|invalid_body",
                "null|invalid_body",
                "{} {}|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}]} x|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}],\"model\":\"fake\"}|duplicate_parameter",
                "{\"model\":\"fake\",\"messages\":[{}],\"x\":1,\"x\":2}|duplicate_parameter",
                "{\"model\":\"fake\",\"messages\":[{}],\"\\u006dodel\":\"x\"}|duplicate_parameter",
                "{}|missing_required_parameter",
                "{\"model\":\"fake\"}|missing_required_parameter",
                "{\"messages\":[{}]}|missing_required_parameter",
                "{\"model\":\"fake\",\"messages\":[]}|invalid_value",
                "{\"model\":\"\",\"messages\":[{}]}|invalid_value",
                "{\"model\":\"none\",\"messages\":[{}]}|model_not_found",
                "{\"model\":\"\\ud800\",\"messages\":[{}]}|model_not_found",
                "{\"model\":\"fake\",\"messages\":[{}],\"\\udc00\":1,\"\\udc00\":1}|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}],\"n\":NaN}|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}],}|invalid_body",
                "{'model':'fake'}|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}]/**/}|invalid_body",
                "{\"model\":\"fake\",\"messages\":[{}],\"n\":1e999999999}|invalid_type",
                "{\"model\":\"fake\",\"messages\":[{}],\"n\":01}|invalid_body"
            })
    void wrongBodyIsTold(String body, String code) {
        var status = code.equals("model_not_found") ? 404 : 400;
        Api.assertError(api.post(Api.CHAT, body == null ? "" : body, Map.of()), status, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "messages",
                "stream",
                "stream_options",
                "max_tokens",
                "n",
                "temperature",
                "top_p",
                "presence_penalty",
                "frequency_penalty",
                "seed",
                "stop",
                "logit_bias",
                "user",
                "max_completion_tokens",
                "tools",
                "tool_choice",
                "response_format",
                "parallel_tool_calls",
                "logprobs",
                "top_logprobs"
            })
    void wrongTypeOfAKnownFieldIsTold(String field) {
        var fine = new LinkedHashMap<>(Map.of("model", "\"fake\"", "messages", "[{}]"));
        for (String wrong :
                List.of(
                        "{\"a\":[1]}",
                        "[[1]]",
                        "1.5",
                        "\"x\"",
                        "true",
                        "12345678901234567890123")) {
            fine.put(field, wrong);
            var body = new StringBuilder("{");
            fine.forEach((name, value) -> body.append('"' + name + "\":" + value + ','));
            body.setCharAt(body.length() - 1, '}');
            var answer = api.post(Api.CHAT, body.toString(), Map.of());
            assertThat(answer.status()).as(body.toString()).isIn(200, 400, 404);
            if (answer.status() != 200) {
                Api.assertErrorObject(answer.body());
            }
        }
        fine.put(field, field.equals("tool_choice") || field.equals("stop") ? "7" : "{\"a\":[1]}");
        if (List.of("stream_options", "logit_bias", "response_format").contains(field)) {
            fine.put(field, "7");
        }
        var body = new StringBuilder("{");
        fine.forEach((name, value) -> body.append('"' + name + "\":" + value + ','));
        body.setCharAt(body.length() - 1, '}');
        var error =
                Api.assertError(api.post(Api.CHAT, body.toString(), Map.of()), 400, "invalid_type");
        assertThat(error.path("param").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "completions|prompt|7",
                "completions|prompt|{}",
                "completions|prompt|null",
                "completions|echo|\"no\"",
                "completions|best_of|1.5",
                "completions|logprobs|true",
                "completions|stream|1",
                "completions|max_tokens|\"7\"",
                "embeddings|input|7",
                "embeddings|input|{}",
                "embeddings|input|null",
                "embeddings|encoding_format|7",
                "embeddings|dimensions|\"8\"",
                "embeddings|user|[]"
            })
    void wrongTypeOfAnotherEndpointsFieldIsTold(String endpoint, String field, String wrong) {
        var fine = endpoint.equals("embeddings") ? "input" : "prompt";
        var first = field.equals(fine) ? "" : "\"" + fine + "\":\"x\",";
        var body = "{\"model\":\"fake\"," + first + "\"" + field + "\":" + wrong + "}";
        var error =
                Api.assertError(api.post("/v1/" + endpoint, body, Map.of()), 400, "invalid_type");
        assertThat(error.path("param").asText()).isEqualTo(field);
    }

    @Test
    void wrongPlacesAreTold() {
        Api.assertError(api.get("/"), 404, "unknown_url");
        Api.assertError(api.get("/v1"), 404, "unknown_url");
        Api.assertError(api.get("/v1/../admin"), 404, "unknown_url");
        Api.assertError(api.get("/v1/" + "x".repeat(5000)), 404, "unknown_url");
        Api.assertError(api.post("/v1/chat", "{}", Map.of()), 404, "unknown_url");
        Api.assertError(api.get(Api.CHAT), 405, "method_not_allowed");
        Api.assertError(api.post("/v1/models", "{}", Map.of()), 405, "method_not_allowed");
        assertThat(api.get(Api.CHAT).header("allow")).contains("POST");
        for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "FOO")) {
            try (var http = api.connect()) {
                var answer = http.send(method + " " + Api.CHAT + " HTTP/1.1\r\nhost: x\r\n\r\n");
                Api.assertError(answer.readResponse(), 405, "method_not_allowed");
            }
        }
    }

    private static String head(String more) {
        return "POST "
                + Api.CHAT
                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + platform.apiKey()
                + "\r\n"
                + more
                + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c3 28",
                "c0 af",
                "ed a0 80",
                "f5 80 80 80",
                "e2 82",
                "ff",
                "80",
                "f0 82 82 ac"
            })
    void badUtf8IsTold(String hex) {
        var wrong = HexFormat.ofDelimiter(" ").parseHex(hex);
        var body = Api.chatBody("fake", ",\"x\":\"#\"").getBytes(StandardCharsets.US_ASCII);
        int at = new String(body, StandardCharsets.US_ASCII).indexOf('#');
        try (var http = api.connect()) {
            http.send(head("content-length: " + (body.length - 1 + wrong.length)));
            http.send(Arrays.copyOf(body, at)).send(wrong);
            http.send(Arrays.copyOfRange(body, at + 1, body.length));
            Api.assertError(http.readResponse(), 400, "invalid_body");
        }
    }

    @Test
    void deepNestingIsTold() {
        for (String open : List.of("[", "{\"a\":")) {
            var body = Api.chatBody("fake", ",\"x\":" + open.repeat(10_000));
            Api.assertError(api.post(Api.CHAT, body, Map.of()), 400, "invalid_body");
        }
        var closed = ",\"x\":" + "[".repeat(10_000) + "]".repeat(10_000);
        Api.assertError(api.chat("fake", closed), 400, "invalid_body");
    }

    @Test
    void bodyOverTheDefaultLimitIsToldInWords() {
        var length = (64L << 20) + 1;
        try (var http = api.connect()) {
            http.send(head("expect: 100-continue\r\ncontent-length: " + length));
            var error = Api.assertError(http.readResponse(), 413, "body_too_large");
            assertThat(error.path("message").asText()).contains("67108864");
        }
    }
}
