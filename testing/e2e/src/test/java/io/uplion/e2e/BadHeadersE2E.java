// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.Platform;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong in a request's head: too much of it, or a version that nobody speaks.
class BadHeadersE2E {
    private static LogCapture log;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        log = new LogCapture();
        platform = Platform.start();
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        log.assertNoTrace();
        log.close();
        platform.close();
    }

    @Test
    void floodsOfHeadersAreTold() {
        var many = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            many.append("x-" + i + ": y\r\n");
        }
        for (String flood : List.of("x: " + "y".repeat(100_000) + "\r\n", many.toString())) {
            // The answer comes while the client still sends.
            try (var http = api.connect()) {
                http.send("GET /v1/models HTTP/1.1\r\nhost: x\r\n" + flood + "\r\n");
                Api.assertError(http.readResponse(), 431, "headers_too_large");
            }
        }
        for (int lines : new int[] {150, 250}) {
            try (var http = api.connect()) {
                http.send("GET /livez HTTP/1.1\r\nhost: x\r\n" + "a: b\r\n".repeat(lines) + "\r\n");
                var answer = http.readResponse();
                if (lines == 150) {
                    assertThat(answer.status()).isEqualTo(200);
                } else {
                    Api.assertError(answer, 431, "headers_too_large");
                }
            }
        }
        try (var http = api.connect()) {
            http.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n");
            Api.assertError(http.readResponse(), 414, "uri_too_long");
        }
    }

    @Test
    void headOfAnUnknownPlaceLeavesTheConnectionInOrder() {
        try (var http = api.connect()) {
            http.send("HEAD /v1/models HTTP/1.1\r\nhost: x\r\n\r\n");
            assertThat(http.readHead().status()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/9.9", "HTTP/2.0", "HTTP/0.9", "FOO/1.1", "http/1.1"})
    void versionThatNobodySpeaksIsTold(String version) {
        try (var http = api.connect()) {
            http.send("GET /v1/models " + version + "\r\nhost: x\r\n\r\n");
            Api.assertError(http.readResponse(), 400, "malformed_http");
        }
    }
}
