// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.NewKey;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Served;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Requests with a key of their client's own, on a running platform.
class IdempotencyE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CLIENTS = 50;

    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        var models = new HashMap<String, String>();
        for (var model : List.of("many", "streams", "other", "large", "keys", "freed", "gone")) {
            models.put(model, "tokens=5");
        }
        models.put("many", "tokens=5;ttft=1s");
        models.put("large", "huge=1300KB");
        models.put("refusing", "status=400;fail=1");
        models.put("gone", "tokens=1000;interval=50ms");
        platform = Platform.start(Map.of(), models);
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static RawResponse chat(String key, String model, String more) {
        return api.post(Api.CHAT, Api.chatBody(model, more), Map.of("idempotency-key", key));
    }

    private static List<Served> served(String model) {
        return platform.provider().served(model);
    }

    @Test
    void fiftyAtOnceAreOneExecutionAndGetTheSameAnswer() throws InterruptedException {
        var answers = Crowd.start(CLIENTS, _ -> chat("many-1", "many", "")).answers();

        assertThat(answers).extracting(RawResponse::status).containsOnly(200);
        assertThat(answers.stream().map(RawResponse::body).distinct()).hasSize(1);
        assertThat(answers.stream().map(answer -> answer.header("x-request-id")).distinct())
                .hasSize(CLIENTS);
        assertThat(answers.stream().filter(answer -> !isReplay(answer))).hasSize(1);
        assertThat(served("many")).hasSize(1);
        assertThat(api.usage("many")).as("billed once").hasSize(1);

        assertThat(chat("many-2", "many", "").status()).isEqualTo(200);
        assertThat(served("many")).as("another key").hasSize(2);
    }

    private static boolean isReplay(RawResponse answer) {
        return answer.header("idempotency-replayed").equals("true");
    }

    @Test
    void aStreamIsReplayedByteForByte() {
        var more = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        var first = chat("streams-1", "streams", more);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).endsWith("data: [DONE]\n\n");

        var second = chat("streams-1", "streams", more);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("content-type")).isEqualTo(first.header("content-type"));
        assertThat(second.end()).isEqualTo(BodyEnd.COMPLETE);
        assertThat(isReplay(second)).isTrue();
        assertThat(second.header("x-uplion-first-request-id"))
                .isEqualTo(first.header("x-request-id"));
        assertThat(served("streams")).hasSize(1);
        assertThat(api.usage("streams")).hasSize(1);
    }

    @Test
    void anotherBodyIsRefused() {
        assertThat(chat("other-1", "other", "").status()).isEqualTo(200);
        var refused = chat("other-1", "other", ",\"seed\":1");
        var error = Api.assertError(refused, 422, "idempotency_key_reused");
        assertThat(error.path("param").asText()).isEqualTo("idempotency-key");
        assertThat(served("other")).hasSize(1);
    }

    @Test
    void tooLongAnAnswerIsNotKeptAndNotRunAgain() {
        var first = chat("large-1", "large", "");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().length()).isGreaterThan(1 << 20);

        var refused = chat("large-1", "large", "");
        Api.assertError(refused, 409, "idempotency_answer_not_kept");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(served("large")).hasSize(1);
    }

    @Test
    void anErrorFreesTheKey() {
        assertThat(chat("refusing-1", "refusing", "").status()).isEqualTo(400);
        assertThat(chat("refusing-1", "refusing", "").status()).isEqualTo(200);
        assertThat(served("refusing")).hasSize(2);
        assertThat(isReplay(chat("refusing-1", "refusing", ""))).isTrue();
        assertThat(served("refusing")).hasSize(2);

        Api.assertError(chat("unknown-1", "no-such-model", ""), 404, "model_not_found");
        assertThat(chat("unknown-1", "freed", "").status()).as("free for another").isEqualTo(200);
    }

    @Test
    void oneDoesNotGetWhatAnotherHasAsked() {
        var terms = new KeyTerms(Scope.INFERENCE, Set.of(), Set.of(), List.of(), Limits.NONE);
        var asked =
                new NewKey("other", "admin@localhost", Optional.empty(), terms, Optional.empty());
        var other = Map.of("authorization", "Bearer " + platform.createKey(asked));
        var headers = new HashMap<>(other);
        headers.put("idempotency-key", "keys-1");
        var before = served("keys").size();

        assertThat(chat("keys-1", "keys", "").status()).isEqualTo(200);
        var answer = api.post(Api.CHAT, Api.chatBody("keys", ""), headers);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(isReplay(answer)).isFalse();
        assertThat(served("keys")).hasSize(before + 2);
    }

    @Test
    void aClientThatLeavesStopsItsProviderAndFreesTheKey() {
        var key = Map.of("idempotency-key", "gone-1");
        try (var first = api.stream("gone", "", key)) {
            assertThat(first.next()).isPresent();
        }
        Await.until("the provider is stopped", LIMIT, () -> served("gone").size() == 1);
        platform.provider().script("gone", "tokens=3");
        try (var second = api.stream("gone", "", key)) {
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.data()).endsWith("[DONE]");
        }
        assertThat(served("gone")).hasSize(2);
    }
}
