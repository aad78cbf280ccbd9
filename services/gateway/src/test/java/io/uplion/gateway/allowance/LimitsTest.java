// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static io.uplion.gateway.TestGateway.MODEL;
import static io.uplion.gateway.TestGateway.PRINCIPAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.openai.TokenUsage;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Subject;
import io.uplion.task.FromWorker;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tokens a minute and tasks at once, from a client's side.
class LimitsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static TestGateway gateway(Limited... limited) {
        return TestGateway.startFor(
                new Principal(
                        PRINCIPAL.account(),
                        PRINCIPAL.user(),
                        PRINCIPAL.key(),
                        Optional.empty(),
                        PRINCIPAL.roles(),
                        PRINCIPAL.groups(),
                        PRINCIPAL.models(),
                        PRINCIPAL.scopes(),
                        List.of(limited)));
    }

    private static Limited key(Optional<Long> tpm, Optional<Integer> concurrent) {
        return new Limited(
                Subject.key(PRINCIPAL.key().orElseThrow()),
                new Limits(Optional.empty(), tpm, concurrent, Optional.empty()));
    }

    private static Limited tasksAtOnce(int most) {
        return key(Optional.empty(), Optional.of(most));
    }

    private static Limited tokensAMinute(long most) {
        return key(Optional.of(most), Optional.empty());
    }

    /// Its prompt is one token.
    private static RawHttp ask(TestGateway gateway, int maxTokens) {
        return gateway.connect()
                .post(
                        "/v1/chat/completions",
                        "{\"model\":\"%s\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                                .formatted(MODEL, maxTokens));
    }

    private static RawResponse response(RawHttp client) {
        return client.readResponse();
    }

    private static void answer(TestGateway gateway, TokenUsage used) {
        var json = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
        gateway.worker(gateway.queue().next(), "a")
                .say(new FromWorker.Answer(200, "application/json", json))
                .say(new FromWorker.End(used));
    }

    @Test
    void whoRunsAsManyAsHeMayIsToldSoAndLetInWhenOneEnds() {
        try (var gateway = gateway(tasksAtOnce(1));
                var first = ask(gateway, 5);
                var second = ask(gateway, 5)) {
            var refused = response(second);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body())
                    .contains("concurrency_limit_exceeded")
                    .contains("This key may run one request at a time.");
            assertThat(refused.header("retry-after-ms")).isNotNull();

            answer(gateway, TokenUsage.of(1, 5));
            assertThat(response(first).status()).isEqualTo(200);
            try (var third = ask(gateway, 5)) {
                answer(gateway, TokenUsage.of(1, 5));
                assertThat(response(third).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void clientThatLeavesFreesItsPlace() {
        try (var gateway = gateway(tasksAtOnce(1))) {
            var gone = ask(gateway, 5);
            gateway.queue().next();
            gone.close();
            Await.until("it is over", LIMIT, () -> gateway.openRequests() == 0);
            try (var next = ask(gateway, 5)) {
                answer(gateway, TokenUsage.of(1, 5));
                assertThat(response(next).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void tokensAreHeldByEstimateAndCorrectedByUse() {
        try (var gateway = gateway(tokensAMinute(60));
                var first = ask(gateway, 49)) {
            Await.until("it is queued", SOON, () -> !gateway.queue().isEmpty());
            try (var second = ask(gateway, 49)) {
                var refused = response(second);
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.body())
                        .contains("tokens_limit_exceeded")
                        .contains("\"type\":\"tokens\"")
                        .contains("This key may use 60 tokens a minute.");
                assertThat(refused.header("x-ratelimit-limit-tokens")).isEqualTo("60");
                assertThat(Long.parseLong(refused.header("retry-after-ms")))
                        .as("40 tokens too many, one comes back each second")
                        .isBetween(30_000L, 41_000L);
            }
            answer(gateway, TokenUsage.of(1, 4));
            var answered = response(first);
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.header("x-ratelimit-limit-tokens")).isEqualTo("60");
            assertThat(answered.header("x-ratelimit-remaining-tokens")).isEqualTo("10");
            assertThat(answered.header("x-ratelimit-reset-tokens")).matches("(49|50)(\\.\\d+)?s");

            try (var third = ask(gateway, 49)) {
                answer(gateway, TokenUsage.of(1, 49));
                assertThat(response(third).status())
                        .as("the first used five of its fifty")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void requestThatCanNeverPassIsNotToldToComeAgain() {
        try (var gateway = gateway(tokensAMinute(60));
                var client = ask(gateway, 100)) {
            var refused = response(client);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("request_exceeds_limit").contains("101 tokens");
            assertThat(refused.header("x-should-retry")).isEqualTo("false");
            assertThat(refused.header("retry-after")).isEmpty();
        }
    }

    @Test
    void answerThatBreaksByOurFaultUsesNothing() {
        try (var gateway = gateway(tokensAMinute(60))) {
            for (int i = 0; i < 3; i++) {
                try (var client = ask(gateway, 49)) {
                    var worker = gateway.worker(gateway.queue().next(), "a");
                    worker.say(
                            new FromWorker.Answer(200, "application/json", new byte[] {'{', '}'}));
                    worker.close();
                    assertThat(response(client).status()).isEqualTo(502);
                }
            }
        }
    }

    @Test
    void whoHasNoLimitIsToldOfNone() {
        try (var gateway = TestGateway.start();
                var client = ask(gateway, 5)) {
            answer(gateway, TokenUsage.of(1, 5));
            assertThat(response(client).header("x-ratelimit-limit-tokens")).isEmpty();
        }
    }
}
