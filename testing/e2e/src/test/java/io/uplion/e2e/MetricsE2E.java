// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an operator sees.
class MetricsE2E {
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start();
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static double metric(String name, String... labels) {
        return api.metric("uplion_" + name, labels);
    }

    @Test
    void metersCountWhatHappened() throws Exception {
        api.model("measured", "tokens=5;ttft=100ms", "  concurrency: 2\n");
        for (int i = 0; i < 3; i++) {
            assertThat(api.chat("measured", "").status()).isEqualTo(200);
            assertThat(api.stream("measured", "").data()).isNotEmpty();
        }
        platform.provider().script("measured", "status=400");
        api.chat("measured", "");
        api.chat("no-such-model", "");
        String mine = "model=\"measured\"";
        assertThat(metric("gateway_requests_total", mine, "outcome=\"completed\"")).isEqualTo(6);
        assertThat(metric("gateway_requests_total", mine, "outcome=\"error\"")).isEqualTo(1);
        assertThat(metric("gateway_request_duration_seconds_count", mine)).isEqualTo(7);
        assertThat(metric("gateway_queue_wait_seconds_count", mine)).isEqualTo(7);
        assertThat(metric("gateway_queue_wait_seconds_sum", mine)).isBetween(0.0, 60.0);
        assertThat(metric("gateway_time_to_first_token_seconds_sum", mine)).isBetween(0.3, 30.0);
        assertThat(metric("worker_tokens_total", mine, "kind=\"output\"")).isEqualTo(30);
        assertThat(metric("worker_tokens_total", mine, "kind=\"input\"")).isEqualTo(12);
        assertThat(metric("gateway_errors_total", "code=\"model_not_found\"")).isPositive();
        assertThat(metric("worker_slots", mine)).isEqualTo(2);
        assertThat(api.management("/metrics").body())
                .as("no label comes from a client")
                .doesNotContain("no-such-model");
        platform.provider().script("measured", "silent-after=1");
        try (var one = api.stream("measured", "");
                var two = api.stream("measured", "");
                RawHttp three = api.connect()) {
            one.next();
            two.next();
            three.post(Api.CHAT, Api.chatBody("measured", ""), platform.headers());
            Await.until(
                    "one waits",
                    Duration.ofSeconds(20),
                    () -> metric("queue_tasks", mine, "state=\"waiting\"") == 1);
            assertThat(metric("worker_slots_in_use", mine)).isEqualTo(2);
            assertThat(metric("queue_tasks", mine, "state=\"running\"")).isEqualTo(2);
            assertThat(metric("gateway_requests_open")).isEqualTo(3);
        }
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        assertThat(metric("gateway_requests_total", mine, "outcome=\"cancelled\"")).isEqualTo(3);
    }

    @Test
    void healthIsToldOnBothPorts() {
        for (String path : new String[] {"/livez", "/readyz"}) {
            assertThat(api.get(path).status()).isEqualTo(200);
            assertThat(api.get(path).header("x-request-id")).startsWith("req_");
            assertThat(api.management(path).status()).isEqualTo(200);
        }
    }

    @Test
    void logsCarryTheRequestId() {
        platform.provider().script("fake", "status=500");
        try (var log = new LogCapture()) {
            var answer = api.chat("fake", ",\"user\":\"private-word\"");
            assertThat(answer.status()).isEqualTo(502);
            log.assertSays(answer.header("x-request-id"), "fake", "error");
            assertThat(log.lines())
                    .noneMatch(
                            line ->
                                    line.contains("private-word")
                                            || line.contains(platform.apiKey()));
        }
    }

    @Test
    void lineOfARequestSaysWhatItsClientHeardAndWhy() {
        try (var log = new LogCapture()) {
            api.model("lines-500", "status=500", "");
            var id = api.chat("lines-500", "").header("x-request-id");
            assertThat(line(log, id))
                    .contains("outcome=\"error\"", "status=\"502\"", "code=\"upstream_error\"")
                    .contains("pool=\"lines-500\"", "cause=\"upstream_error 500\"");
            api.model("lines-401", "status=401;retry-after=600", "");
            id = api.chat("lines-401", "").header("x-request-id");
            assertThat(line(log, id))
                    .contains("status=\"503\"", "code=\"model_unavailable\"")
                    .contains("pool=\"lines-401\"", "cause=\"AuthenticationError\"");
            api.model("lines-400", "status=400", "");
            id = api.chat("lines-400", "").header("x-request-id");
            assertThat(line(log, id)).contains("status=\"400\"", "code=\"refused_by_provider\"");
            api.model("lines-left", "silent", "");
            try (var http = api.connect()) {
                http.post(Api.CHAT, Api.chatBody("lines-left", ""), platform.headers());
                platform.provider().awaitInFlight(1, Duration.ofSeconds(20));
                http.reset();
            }
            Await.until(
                    "the client is gone",
                    Duration.ofSeconds(20),
                    () -> log.lines().stream().anyMatch(one -> one.contains("client_gone")));
        }
    }

    /// What a client asked for that is none of ours is its own word.
    @Test
    void requestThatIsRefusedBeforeItWaitsHasALineToo() {
        try (var log = new LogCapture()) {
            var id = api.chat("no-such-model", "").header("x-request-id");
            assertThat(refused(log, id))
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("endpoint=\"chat\"", "user=", "key=")
                    .contains("status=\"404\"", "code=\"model_not_found\"");
            id = api.post(Api.CHAT, "{private-word", Map.of()).header("x-request-id");
            assertThat(refused(log, id)).singleElement().asString().contains("status=\"400\"");
            var late = Map.of("x-uplion-timeout", "0s");
            id = api.post(Api.CHAT, Api.chatBody("fake", ""), late).header("x-request-id");
            assertThat(refused(log, id)).singleElement().asString().contains("model=\"fake\"");
            id = api.get("/v1/models/no-such-model").header("x-request-id");
            assertThat(refused(log, id)).singleElement().asString().startsWith("INFO");
            assertThat(log.lines())
                    .noneMatch(line -> line.contains("no-such-model"))
                    .noneMatch(line -> line.contains("private-word"))
                    .noneMatch(line -> line.contains(platform.apiKey()));
        }
    }

    private static List<String> refused(LogCapture log, String request) {
        return log.lines().stream()
                .filter(line -> line.contains("request refused") && line.contains(request))
                .toList();
    }

    @Test
    void whoHasNoKeyCostsNoLine() {
        try (var log = new LogCapture();
                var http = api.connect()) {
            var answer = http.post(Api.CHAT, Api.chatBody("fake", "")).readResponse();
            Api.assertError(answer, 401, "missing_api_key");
            assertThat(refused(log, answer.header("x-request-id"))).isEmpty();
        }
    }

    @Test
    void floodOfRefusalsIsCountedAndNotWritten() {
        var most = 100;
        var asked = 2000;
        var one =
                "GET /v1/models/none HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + platform.apiKey()
                        + "\r\n\r\n";
        try (var log = new LogCapture();
                var http = api.connect()) {
            var begun = System.nanoTime();
            for (int i = 0; i < asked; i++) {
                assertThat(http.send(one).readResponse().status()).isEqualTo(404);
            }
            var seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 2;
            assertThat(log.lines().stream().filter(line -> line.contains("request refused")))
                    .hasSizeLessThanOrEqualTo((int) (most * seconds));
            Await.until(
                    "it is said how many had no line",
                    Duration.ofSeconds(20),
                    () -> {
                        api.get("/v1/models/none");
                        return log.lines().stream()
                                .anyMatch(line -> line.contains("more requests"));
                    });
        }
    }

    private static String line(LogCapture log, String request) {
        return log.lines().stream()
                .filter(line -> line.contains("request ended") && line.contains(request))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void restOfAPoolIsLoggedOnceAndThatItIsBack() {
        try (var log = new LogCapture()) {
            api.model("tired", "status=402;retry-after=1", "");
            for (int i = 0; i < 5; i++) {
                api.chat("tired", "");
            }
            platform.provider().script("tired", "tokens=1");
            Await.until(
                    "it is back",
                    Duration.ofSeconds(20),
                    () -> api.chat("tired", "").status() == 200);
            var lines =
                    log.lines().stream()
                            .filter(line -> line.startsWith("WARN the pool tired"))
                            .toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst())
                    .contains("model=\"tired\"", "reason=\"QuotaExceeded\"", "status=\"402\"")
                    .contains("until=");
            assertThat(lines.getLast()).contains("is back");
        }
    }

    /// Each rest is over before it has begun; the log must not follow.
    @Test
    void poolThatRestsForNoTimeIsNotLoggedForEachRequest() {
        try (var log = new LogCapture()) {
            api.model("restless", "status=429;retry-after=0", "");
            for (int i = 0; i < 10; i++) {
                assertThat(api.chat("restless", "").status()).isEqualTo(429);
            }
            assertThat(log.lines().stream().filter(line -> line.contains("the pool restless")))
                    .hasSize(1);
        }
    }

    @Test
    void errorsOfProvidersThatArePassedOnAreCounted() {
        api.model("refusing", "status=422", "");
        var before = metric("gateway_errors_total", "code=\"refused_by_provider\"");
        assertThat(api.chat("refusing", "").status()).isEqualTo(422);
        assertThat(api.stream("refusing", "").status()).isEqualTo(422);
        assertThat(metric("gateway_errors_total", "code=\"refused_by_provider\""))
                .isEqualTo(before + 2);
    }

    @Test
    void stoppingPlatformFinishesWhatRunsAndTakesNoMore() throws InterruptedException {
        Platform stopping = Platform.start(Map.of("UPLION_GATEWAY_DRAIN", "20s"));
        Api last = new Api(stopping);
        stopping.provider().script("fake", "tokens=80;interval=100ms");
        var running = last.stream("fake", "");
        running.next();
        Thread closing = Thread.ofPlatform().start(stopping::close);
        try (RawHttp http = last.connect()) {
            Await.until(
                    "it is not ready",
                    Duration.ofSeconds(7),
                    () -> last.get("/readyz").status() == 503);
            assertThat(last.management("/readyz").status()).isEqualTo(503);
            assertThat(last.management("/livez").status()).isEqualTo(200);
            assertThat(last.management("/metrics").body())
                    .contains("uplion_gateway_requests_open 1");
            var refused =
                    http.post(Api.CHAT, Api.chatBody("fake", ""), stopping.headers())
                            .readResponse();
            Api.assertError(refused, 503, "shutting_down");
            assertThat(refused.header("retry-after")).isNotEmpty();
        }
        assertThat(Api.text(running.data())).endsWith("t78 t79");
        assertThat(running.end()).isEqualTo(BodyEnd.COMPLETE);
        closing.join(Duration.ofSeconds(90));
        assertThat(closing.isAlive()).isFalse();
    }

    @Test
    void clientsThatDoNotFinishInTimeAreTold() throws InterruptedException {
        Platform stopping =
                Platform.start(
                        Map.of("UPLION_GATEWAY_DRAIN", "500ms", "UPLION_WORKER_DRAIN", "500ms"));
        Api last = new Api(stopping);
        stopping.provider().script("fake", "silent-after=2");
        var running = last.stream("fake", "");
        running.next();
        Thread closing = Thread.ofPlatform().start(stopping::close);
        var events = running.events();
        assertThat(events.getLast().name()).isEqualTo("error");
        assertThat(Api.assertErrorObject(events.getLast().data()).path("code").asText())
                .isEqualTo("shutting_down");
        assertThat(running.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        closing.join(Duration.ofSeconds(90));
        assertThat(closing.isAlive()).isFalse();
    }
}
