// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Browsers, where the operator names who may call. Where nobody is named: [WireE2E].
class CorsE2E {
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform =
                Platform.start(
                        Map.of(
                                "UPLION_GATEWAY_CORS_ORIGINS",
                                "https://a.example, https://b.example"));
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static RawResponse preflight(String origin) {
        return ask("OPTIONS " + Api.CHAT, origin, "access-control-request-method: POST\r\n");
    }

    private static RawResponse call(String origin) {
        var key = "authorization: Bearer " + platform.apiKey() + "\r\n";
        return ask("GET /v1/models", origin, key);
    }

    private static RawResponse ask(String what, String origin, String more) {
        try (var http = api.connect()) {
            var head = what + " HTTP/1.1\r\nhost: x\r\norigin: " + origin + "\r\n";
            return http.send(head + more + "\r\n").readResponse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example", "https://b.example"})
    void namedOriginIsEchoed(String origin) {
        for (var answer : new RawResponse[] {preflight(origin), call(origin)}) {
            assertThat(answer.status()).isIn(200, 204);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo(origin);
            assertThat(answer.header("vary")).isEqualToIgnoringCase("origin");
            assertThat(answer.header("access-control-allow-credentials")).isEmpty();
        }
        assertThat(preflight(origin).header("access-control-allow-methods")).contains("POST");
    }

    /// Refused by the parser, or broken in its body: by then the origin was read.
    @ParameterizedTest
    @CsvSource({"header, 400", "headers, 431", "body, 400"})
    void refusalBelowHttpIsMarkedWhereTheOriginCameBefore(String broken, int status) {
        for (String origin : List.of("https://a.example", "https://c.example")) {
            try (var http = api.connect().send(broken(broken, origin))) {
                var answer = http.readResponse();
                assertThat(answer.status()).isEqualTo(status);
                var leave = origin.contains("a.") ? origin : "";
                assertThat(answer.header("access-control-allow-origin")).isEqualTo(leave);
                assertThat(answer.header("vary")).isEqualTo(leave.isEmpty() ? "" : "origin");
            }
        }
    }

    private static String broken(String what, String origin) {
        var head =
                "POST %s HTTP/1.1\r\norigin: %s\r\nhost: x\r\nauthorization: Bearer %s\r\n"
                        .formatted(Api.CHAT, origin, platform.apiKey());
        return head
                + switch (what) {
                    case "header" -> "no colon\r\n\r\n";
                    case "headers" -> "x: " + "y".repeat(40_000) + "\r\n\r\n";
                    default -> "transfer-encoding: chunked\r\n\r\nzz\r\nnonsense\r\n";
                };
    }

    @Test
    void refusalOfWhatHasNoOriginGivesNoLeaveToAnybody() {
        try (var http = api.connect().send("nonsense\r\n\r\n")) {
            var answer = http.readResponse();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://c.example",
                "http://a.example",
                "https://a.example.evil",
                "https://a.example:8443",
                "null",
                "*"
            })
    void anyOtherOriginGetsNoLeave(String origin) {
        for (var answer : new RawResponse[] {preflight(origin), call(origin)}) {
            assertThat(answer.status()).isIn(200, 204);
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
        }
    }
}
