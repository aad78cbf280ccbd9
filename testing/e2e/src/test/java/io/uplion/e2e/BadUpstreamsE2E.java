// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.SseEvent;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Providers that fail in every way we know: each has its answer.
class BadUpstreamsE2E {
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform =
                Platform.start(
                        Map.of(
                                "UPLION_WORKER_STALL_TIMEOUT", "1s",
                                "UPLION_WORKER_MAX_ANSWER", "2MiB"));
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static int asked(String model) {
        return platform.provider().served(model).size();
    }

    @ParameterizedTest
    @CsvSource({
        "status=400, 400, invalid_request_error",
        "status=413, 413, ",
        "status=422, 422, ",
        "status=418, 418, ",
        "policy, 400, content_policy_violation"
    })
    void clientsErrorIsPassedOnAndNobodyElseIsTouched(String script, int status, String code) {
        var model = "client-error-" + script.replace('=', '-');
        api.model(model, script, "");
        var answer = api.chat(model, "");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("x-request-id")).startsWith("req_");
        var error = Api.assertErrorObject(answer.body());
        if (code != null) {
            assertThat(error.toString()).contains(code);
        }
        var streamed = api.stream(model, "");
        assertThat(streamed.status()).as("a stream's status survives").isEqualTo(status);
        Api.assertErrorObject(streamed.body());
        assertThat(asked(model)).as("one attempt each").isEqualTo(2);
        assertThat(api.usage(model)).isEmpty();
        platform.provider().script(model, "tokens=2");
        assertThat(api.chat(model, "").status()).as("the pool works on").isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "status=500, 502, upstream_error",
        "status=503, 502, upstream_error",
        "status=529, 502, upstream_error",
        "status=408, 502, upstream_error",
        "status=409, 502, upstream_error",
        "redirect, 502, upstream_error",
        "redirect=302, 502, upstream_error",
        "nonsense, 502, upstream_error",
        "not-json, 502, upstream_error",
        "cut, 502, upstream_error",
        "hang-up, 502, upstream_error",
        "stream-error=1, 502, upstream_error",
        "malformed=1, 502, upstream_error",
        "huge=4MB, 502, upstream_error"
    })
    void failedAttemptsEndInAClearErrorAndADeadLetter(String script, int status, String code) {
        var model = "failing-" + script.replace('=', '-').toLowerCase(Locale.ROOT);
        api.model(model, script, "");
        var answer = api.chat(model, ",\"user\":\"mark-" + model + "\"");
        Api.assertError(answer, status, code);
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(
                        platform.provider().served(model).stream()
                                .filter(one -> one.path().endsWith("completions")))
                .hasSize(3);
        var letter = letterOf(model);
        assertThat(Api.json(letter.path("body").asText()).path("user").asText())
                .isEqualTo("mark-" + model);
        assertThat(api.usage(model)).isEmpty();
    }

    /// The one dead letter of a model that was asked once.
    private static JsonNode letterOf(String model) {
        Await.until("a letter", Duration.ofSeconds(20), () -> !letters(model).isEmpty());
        var letters = letters(model);
        assertThat(letters).hasSize(1);
        var letter = letters.getFirst();
        assertThat(letter.path("reason").asText()).isNotBlank();
        assertThat(letter.toString()).doesNotContain(platform.apiKey());
        return letter;
    }

    private static List<JsonNode> letters(String model) {
        return api.deadLetters().stream()
                .map(Api::json)
                .filter(letter -> letter.path("model").asText().equals(model))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=500",
                "nonsense",
                "not-json",
                "error-first",
                "malformed=1",
                "cut=0",
                "close=0"
            })
    void streamThatFailsBeforeItsFirstEventKeepsItsStatus(String script) {
        var model = "before-" + script.replace('=', '-');
        api.model(model, script, "");
        var stream = api.stream(model, "");
        assertThat(stream.status()).isEqualTo(502);
        assertThat(Api.assertErrorObject(stream.body()).path("code").asText())
                .isEqualTo("upstream_error");
        assertThat(asked(model)).isEqualTo(3);
        assertThat(letterOf(model).path("body").asText()).contains("\"stream\":true");
        assertThat(api.usage(model)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=500;fail=2",
                "cut=0;fail=1",
                "error-first;fail=2",
                "malformed=1;fail=1",
                "nonsense;fail=1"
            })
    void anotherAttemptMayDoBetter(String script) {
        var model = "recovering-" + script.replaceAll("[=;]", "-");
        api.model(model, script + ";tokens=4", "");
        var answer = api.stream(model, "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Api.text(answer.data())).isEqualTo("t0 t1 t2 t3");
        assertThat(api.usage(model)).hasSize(1);
    }

    @Test
    void providerThatIsDownIsTriedThreeTimes() {
        platform.write("down.yaml", Platform.manifest("down", "http://127.0.0.1:1/v1", ""));
        api.awaitModel("down");
        var answer = api.chat("down", "");
        Api.assertError(answer, 502, "upstream_error");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(answer.body()).contains("cannot be reached").doesNotContain("127.0.0.1");
        assertThat(letterOf("down").path("reason").asText()).contains("cannot be reached");
    }

    @Test
    void metadataServiceIsNeverCalled() {
        platform.write("meta.yaml", Platform.manifest("meta", "http://169.254.169.254/v1", ""));
        api.awaitModel("meta");
        Api.assertError(api.chat("meta", ""), 503, "model_unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "slow-headers=30s"})
    void silentProviderIsGivenUpByTheFirstFrameTimeout(String script) {
        var model = "silent-" + script.replace('=', '-');
        api.model(model, script, "  firstFrameTimeout: 1s\n");
        var stream = api.stream(model, "");
        assertThat(stream.status()).isEqualTo(504);
        assertThat(Api.assertErrorObject(stream.body()).path("code").asText())
                .isEqualTo("upstream_timeout");
        assertThat(stream.head().header("x-should-retry")).isEqualTo("false");
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        assertThat(asked(model)).isEqualTo(3);
        letterOf(model);
    }

    @Test
    void wholeAnswerThatTakesTooLongIsGivenUp() {
        api.model("endless", "silent", "  timeout: 1s\n");
        var begun = System.nanoTime();
        Api.assertError(api.chat("endless", ""), 504, "upstream_timeout");
        // Three attempts of a second each; the gateway's own bound would be five seconds later.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        assertThat(asked("endless")).isEqualTo(3);
        letterOf("endless");
    }

    /// A stream that keeps coming is no answer that may take for ever.
    @Test
    void streamThatTakesTooLongIsBroken() {
        api.model("never-done", "tokens=100000;interval=50ms", "  timeout: 1s\n");
        var begun = System.nanoTime();
        var stream = api.stream("never-done", "");
        var last = stream.events().getLast();
        var elapsed = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(last.name()).isEqualTo("error");
        assertThat(Api.assertErrorObject(last.data()).path("code").asText())
                .isEqualTo("upstream_timeout");
        // The gateway's own bound is five seconds later.
        assertThat(elapsed).isLessThan(Duration.ofSeconds(5));
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        Await.until(
                "a usage record", Duration.ofSeconds(20), () -> !api.usage("never-done").isEmpty());
        assertThat(api.usage("never-done").getFirst().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut=4",
                "hang-up=4",
                "close=4",
                "silent-after=4",
                "stream-error=5",
                "malformed=5"
            })
    void brokenStreamSaysSoAndBreaks(String script) {
        var model = "broken-" + script.replace('=', '-');
        api.model(model, script + ";tokens=20", "");
        var stream = api.stream(model, "");
        List<SseEvent> events = stream.events();
        assertThat(stream.status()).isEqualTo(200);
        var last = events.getLast();
        assertThat(last.name()).isEqualTo("error");
        Api.assertErrorObject(last.data());
        assertThat(events).noneMatch(event -> event.data().equals("[DONE]"));
        assertThat(stream.end()).isIn(BodyEnd.TRUNCATED, BodyEnd.RESET);
        assertThat(events.stream().filter(event -> event.name().equals("message")))
                .as("what came before is passed on")
                .hasSize(4);
        platform.provider().awaitInFlight(0, Duration.ofSeconds(20));
        assertThat(asked(model)).as("no second attempt after the commit").isEqualTo(1);
        Await.until("a usage record", Duration.ofSeconds(20), () -> !api.usage(model).isEmpty());
        assertThat(api.usage(model)).hasSize(1);
        assertThat(api.usage(model).getFirst().outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(letters(model)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens=6",
                "no-done",
                "crlf",
                "comments",
                "burst",
                "split",
                "empty-choices"
            })
    void oddStreamsAreWhole(String script) {
        var model = "odd-" + script.replace('=', '-');
        api.model(model, "tokens=6;utf8;" + script.replace("tokens=6", "ttft=1ms"), "");
        var plain = api.stream(model, "");
        var data = plain.data();
        assertThat(plain.end()).isEqualTo(BodyEnd.COMPLETE);
        assertThat(data.getLast()).isEqualTo("[DONE]");
        assertThat(Api.text(data))
                .contains("t0", "t1", "t2", "t3", "t4", "t5")
                .doesNotContain("\uFFFD");
        assertThat(api.usage(model)).hasSize(1);
        assertThat(api.usage(model).getFirst().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void oddWholeAnswersPassThrough() {
        api.model("empty", "empty-choices", "");
        assertThat(Api.json(api.chat("empty", "").body()).path("choices")).isEmpty();
        api.model("piecemeal", "split;utf8;tokens=5", "");
        assertThat(api.chat("piecemeal", "").body()).contains("t4").doesNotContain("\uFFFD");
    }

    @Test
    void usageIsEstimatedWhereTheProviderGivesNone() {
        api.model("uncounted", "no-usage;tokens=10", "");
        var data = api.stream("uncounted", ",\"stream_options\":{\"include_usage\":true}").data();
        var usage = Api.json(data.get(data.size() - 2));
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.path("usage").path("completion_tokens").asInt()).isPositive();
        assertThat(usage.path("usage").path("total_tokens").asInt()).isPositive();
        assertThat(api.chat("uncounted", "").status()).isEqualTo(200);
        assertThat(api.usage("uncounted")).hasSize(2);
        assertThat(api.usage("uncounted"))
                .allSatisfy(
                        one -> {
                            assertThat(one.source()).isEqualTo(Source.ESTIMATED);
                            assertThat(one.tokens().output()).isPositive();
                            assertThat(one.tokens().input()).isPositive();
                        });
    }

    @Test
    void hugeStreamArrivesWhole() {
        // As fast as it can, 64 KiB an event.
        api.model("huge", "huge=40MB", "");
        var stream = api.stream("huge", "");
        int tokens = 0;
        for (var next = stream.next(); next.isPresent(); next = stream.next()) {
            var text = Api.text(List.of(next.get().data()));
            if (!text.isEmpty()) {
                assertThat(text).matches(" ?t" + tokens + "x{65536}");
                tokens++;
            }
        }
        assertThat(stream.end()).isEqualTo(BodyEnd.COMPLETE);
        assertThat(tokens).isEqualTo(640);
    }

    @Test
    void noAnswerMixesTwoAttempts() {
        api.model("mixing", "cut=3;fail=1;tokens=9", "");
        var broken = api.stream("mixing", "");
        var ids = ids(broken.events());
        assertThat(ids).hasSize(1);
        var whole = api.stream("mixing", "");
        assertThat(ids(whole.events())).hasSize(1).doesNotContainAnyElementsOf(ids);
    }

    private static Set<String> ids(List<SseEvent> events) {
        return events.stream()
                .filter(event -> event.name().equals("message") && event.data().startsWith("{"))
                .map(event -> Api.json(event.data()).path("id").asText())
                .collect(Collectors.toSet());
    }
}
