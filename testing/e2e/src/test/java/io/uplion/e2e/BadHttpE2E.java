// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.keys.NewKey;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong below the body: HTTP that is malformed, flooded, slow, or merely unusual.
class BadHttpE2E {
    private static final int MAX_BODY = 4 << 20;
    private static LogCapture log;
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        log = new LogCapture();
        platform =
                Platform.start(
                        Map.of(
                                "UPLION_GATEWAY_MAX_BODY", "4MiB",
                                "UPLION_GATEWAY_BODY_MEMORY", "14MiB",
                                "UPLION_GATEWAY_BODY_TIMEOUT", "3s",
                                "UPLION_GATEWAY_IDLE_TIMEOUT", "2s"));
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

    private static String head(String more) {
        return "POST "
                + Api.CHAT
                + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + platform.apiKey()
                + "\r\n"
                + more
                + "\r\n\r\n";
    }

    @Test
    void bodyOverTheLimitIsTold() {
        var large = Api.chatBody("fake", ",\"x\":\"" + "y".repeat(MAX_BODY) + "\"");
        Api.assertError(api.post(Api.CHAT, large, Map.of()), 413, "body_too_large");
        try (var http = api.connect()) {
            http.send(head("transfer-encoding: chunked"));
            for (int sent = 0; sent <= MAX_BODY; sent += 1 << 16) {
                http.send("10000\r\n" + "x".repeat(1 << 16) + "\r\n");
            }
            http.send("0\r\n\r\n");
            Api.assertError(http.readResponse(), 413, "body_too_large");
        }
        var announced =
                "POST "
                        + Api.CHAT
                        + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + platform.apiKey()
                        + "\r\nexpect: 100-continue\r\ncontent-length: 99999999999\r\n\r\n";
        try (var http = api.connect()) {
            Api.assertError(http.send(announced).readResponse(), 413, "body_too_large");
        }
    }

    /// The body's time is 3 s here: whoever waits for it has not been told at once.
    @Test
    void bodyThatSaysItIsTooLargeIsToldFromItsHeadersOn() {
        try (var http = api.connect().waitAtMost(Duration.ofSeconds(2))) {
            http.send(head("content-length: " + (MAX_BODY + 1)));
            Api.assertError(http.readResponse(), 413, "body_too_large");
        }
        try (var http = api.connect().waitAtMost(Duration.ofSeconds(2))) {
            http.send(head("content-length: " + (MAX_BODY + 1)) + "{\"model\"");
            Api.assertError(http.readResponse(), 413, "body_too_large");
        }
    }

    @Test
    void bodyThatStopsBeyondTheLimitIsToldThatItIsTooLarge() {
        try (var http = api.connect()) {
            http.send(head("transfer-encoding: chunked"));
            for (int sent = 0; sent <= MAX_BODY; sent += 1 << 16) {
                http.send("10000\r\n" + "x".repeat(1 << 16) + "\r\n");
            }
            Api.assertError(http.readResponse(), 413, "body_too_large");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET /v1/models HTTP/x\r\nhost: x\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost x\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nho st: x\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nx: \u0000\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: x\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\n"
                        + "content-length: 1\r\n"
                        + "content-length: 2\r\n\r\n"
                        + "{}"
            })
    void malformedHttpIsTold(String bytes) {
        try (var http = api.connect()) {
            var answer = http.send(bytes).readResponse();
            Api.assertError(answer, 400, "malformed_http");
            assertThat(answer.header("access-control-allow-origin"))
                    .as("any page may call here, and be told")
                    .isEqualTo("*");
        }
    }

    @Test
    void malformedChunksAreTold() {
        try (var http = api.connect()) {
            http.send(head("transfer-encoding: chunked")).send("zz\r\nnonsense\r\n");
            Api.assertError(http.readResponse(), 400, "malformed_http");
        }
    }

    /// The key is not known yet, so the body comes before anybody is there to read it.
    @Test
    void malformedChunkRightBehindTheHeadersIsTold() {
        for (int i = 0; i < 8; i++) {
            var key = createKey("new " + i);
            var head = head("transfer-encoding: chunked").replace(platform.apiKey(), key);
            try (var http = api.connect()) {
                http.send(head + "zz\r\nnonsense\r\n");
                Api.assertError(http.readResponse(), 400, "malformed_http");
            }
        }
    }

    private static String createKey(String name) {
        return platform.createKey(new NewKey(name, "admin@localhost", Set.of(), Optional.empty()));
    }

    @Test
    void slowHeadersAreToldAndCountedAsWhatTheyAre() {
        var slow = errors("request_timeout");
        var malformed = errors("malformed_http");
        try (var http = api.connect()) {
            http.sendSlowly("GET /v1/models HTTP/1.1\r\nx-a: aaaaaaa", 10, Duration.ofMillis(600));
            Api.assertError(http.readResponse(), 408, "request_timeout");
        }
        assertThat(errors("request_timeout")).isEqualTo(slow + 1);
        assertThat(errors("malformed_http")).isEqualTo(malformed);
    }

    @Test
    void clientThatLeavesInTheMiddleOfItsHeadersIsNoError() {
        var malformed = errors("malformed_http");
        try (var http = api.connect()) {
            http.send("GET /v1/models HTTP/1.1\r\nx-a: aaaaaaa");
        }
        assertThat(api.get("/v1/models").status()).isEqualTo(200);
        assertThat(errors("malformed_http")).isEqualTo(malformed);
    }

    private static double errors(String code) {
        return api.metric("uplion_gateway_errors_total", "code=\"" + code + "\"");
    }

    /// Slow is not malformed: who watches would look for a broken client.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "P",
                "POST /v1/chat/completions HTTP/1.1\r\nx-a: ",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-a: b\r\n"
            })
    void clientsThatTrickleAreCountedAsSlow(String begun) {
        var malformed = errors("malformed_http");
        var slow = errors("request_timeout");
        try (var http = api.connect()) {
            http.send(begun);
            try {
                http.sendSlowly("a".repeat(100), 1, Duration.ofMillis(100));
            } catch (UncheckedIOException e) {
                // Closed while we sent.
            }
        }
        assertThat(errors("request_timeout")).isEqualTo(slow + 1);
        assertThat(errors("malformed_http")).isEqualTo(malformed);
    }

    @Test
    void slowHeadersOfALaterRequestAreToldToo() {
        try (var http = api.connect()) {
            assertThat(http.get("/livez").readResponse().status()).isEqualTo(200);
            http.send("GET /v1/mod").waitAtMost(Duration.ofSeconds(20));
            var answer = http.readResponse();
            Api.assertError(answer, 408, "request_timeout");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
        }
    }

    @Test
    void connectionOnWhichNothingIsAskedAnyMoreIsClosedWithoutAWord() {
        try (var http = api.connect()) {
            assertThat(http.get("/livez").readResponse().status()).isEqualTo(200);
            assertThat(http.waitAtMost(Duration.ofSeconds(20)).readHead().status()).isZero();
            assertThat(http.end()).isNotEqualTo(BodyEnd.STALLED);
        }
    }

    @Test
    void bodyThatStopsIsTold() {
        try (var http = api.connect()) {
            http.send(head("content-length: 100")).send("{\"model\"");
            Api.assertError(http.readResponse(), 408, "request_timeout");
        }
    }

    @Test
    void bodyThatTricklesIsTold() {
        try (var http = api.connect()) {
            http.send(head("content-length: 10000"));
            try {
                http.sendSlowly("{\"model\":\"fake\",\"messages\":", 1, Duration.ofMillis(150));
            } catch (UncheckedIOException e) {
                // Closed while we sent; what was answered is still there to be read.
            }
            Api.assertError(http.readResponse(), 408, "request_timeout");
        }
    }

    @Test
    void compressedBodyIsTold() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Api.chatBody("fake", "").getBytes(StandardCharsets.UTF_8));
        }
        try (var http = api.connect()) {
            http.send(head("content-encoding: gzip\r\ncontent-length: " + bytes.size()));
            http.send(bytes.toByteArray());
            Api.assertError(http.readResponse(), 415, "unsupported_content_encoding");
        }
    }

    @Test
    void everyWayToSendABodyWorks() {
        var body = Api.chatBody("fake", "");
        try (var http = api.connect()) {
            http.send(head("transfer-encoding: chunked"));
            for (char one : body.toCharArray()) {
                http.send("1\r\n" + one + "\r\n");
            }
            assertThat(http.send("0\r\n\r\n").readResponse().status()).isEqualTo(200);
            http.send(head("expect: 100-continue\r\ncontent-length: " + body.length()));
            assertThat(http.send(body).readResponse().status()).isEqualTo(200);
            var one = RawHttp.postText(Api.CHAT, body, platform.headers());
            http.send(one + one + one);
            for (int i = 0; i < 3; i++) {
                assertThat(http.readResponse().status()).isEqualTo(200);
            }
        }
        try (var http = api.connect()) {
            var old =
                    RawHttp.postText(Api.CHAT, body, platform.headers())
                            .replace("HTTP/1.1", "HTTP/1.0");
            var answer = http.send(old).readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("t1");
        }
    }

    /// HTTP/1.0 knows no chunks: whoever speaks it would take their sizes for the answer. It sees
    /// the end in the connection's, so that it cannot be kept, whatever it asked for.
    @ParameterizedTest
    @ValueSource(strings = {"", "connection: keep-alive\r\n"})
    void streamOverHttp10IsItsEventsAndNothingElse(String more) {
        var streamed = Api.chatBody("fake", ",\"stream\":true");
        var text = RawHttp.postText(Api.CHAT, streamed, platform.headers());
        String chunked;
        try (var http = api.connect().send(text)) {
            chunked = withoutIds(http.readResponse().body());
        }
        assertThat(chunked).contains("t1").endsWith("data: [DONE]\n\n");
        try (var http = api.connect().waitAtMost(Duration.ofSeconds(1))) {
            http.send(text.replace("HTTP/1.1\r\n", "HTTP/1.0\r\n" + more));
            var answer = http.readResponse();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("transfer-encoding")).isEmpty();
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(withoutIds(answer.body())).isEqualTo(chunked);
            assertThat(http.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    private static String withoutIds(String events) {
        return events.replaceAll("\"(id|created)\":[^,]*,", "");
    }

    @Test
    void leaveToSendABodyIsGivenOnlyToThoseWeKnow() throws IOException {
        var length = "expect: 100-continue\r\ncontent-length: 100";
        assertThat(firstLine(head(length))).startsWith("HTTP/1.1 100");
        var unknown = head(length).replace(platform.apiKey(), "wrong");
        assertThat(firstLine(unknown)).startsWith("HTTP/1.1 401");
    }

    private static String firstLine(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", URI.create(platform.url()).getPort())) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var reader = new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII);
            return new BufferedReader(reader).readLine();
        }
    }

    @Test
    void http2Works() throws Exception {
        for (int size : List.of(10, 3 << 20)) {
            var body = Api.chatBody("fake", ",\"x\":\"" + "y".repeat(size) + "\"");
            // Asks for HTTP/2 by an upgrade of its first request.
            try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
                for (int i = 0; i < 3; i++) {
                    var request =
                            HttpRequest.newBuilder(URI.create(platform.url() + Api.CHAT))
                                    .header("authorization", "Bearer " + platform.apiKey())
                                    .timeout(Duration.ofSeconds(30))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build();
                    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
                }
            }
        }
    }

    @Test
    void moreBodiesThanMemoryAreToldToComeAgain() {
        List<RawHttp> open = new ArrayList<>();
        var half = "{\"x\":\"" + "y".repeat(3 << 20);
        try {
            for (int i = 0; i < 3; i++) {
                open.add(api.connect().send(head("content-length: " + MAX_BODY)).send(half));
            }
            Await.until(
                    "three bodies are held",
                    Duration.ofSeconds(20),
                    () -> api.metric("uplion_gateway_body_bytes") > 9 << 20);
            var large = Api.chatBody("fake", ",\"x\":\"" + "y".repeat(7 << 19) + "\"");
            var refused = api.post(Api.CHAT, large, Map.of());
            Api.assertError(refused, 503, "overloaded");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
            assertThat(api.chat("fake", "").status()).as("small ones go on").isEqualTo(200);
        } finally {
            open.forEach(RawHttp::reset);
        }
    }
}
