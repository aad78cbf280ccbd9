// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.IdentityToken;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Envoy as the documentation configures it: nobody gets past it whom `access` has not let in, and
/// it stands in no answer's way.
class EnvoyE2E {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Behind behind;
    private static EnvoyProcess envoy;

    @BeforeAll
    static void start() throws IOException {
        behind = new Behind();
        envoy = EnvoyProcess.start(behind.gatewayPort(), behind.accessLine().port());
        // The first answers of new processes take longer than Envoy waits.
        var headers = bearer(behind.key());
        Await.until("it answers", SOON, () -> ask(headers).status() == 200);
    }

    @AfterAll
    static void stop() throws IOException {
        if (envoy != null) {
            envoy.close();
        }
        behind.close();
    }

    @AfterEach
    void heal() {
        behind.accessLine().heal();
        behind.provider().script(Behind.MODEL, "tokens=3");
        var headers = bearer(behind.key());
        Await.until("it answers again", SOON, () -> ask(headers).status() == 200);
    }

    private static Map<String, String> bearer(String key) {
        return Map.of("authorization", "Bearer " + key);
    }

    private static RawResponse ask(Map<String, String> headers) {
        return ask(envoy.url(), headers);
    }

    private static RawResponse ask(String url, Map<String, String> headers) {
        try (var http = RawHttp.connect(url)) {
            return http.post(CHAT, body(false), headers).readResponse();
        }
    }

    private static String body(boolean stream) {
        return "{\"model\":\"m\",\"stream\":"
                + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static void assertRefused(RawResponse answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body())
                .contains("\"code\":\"" + code + "\"", "\"message\":", "\"type\":", "\"param\":");
        assertThat(answer.header("content-type")).startsWith("application/json");
    }

    private static int served() {
        return behind.provider().served().size();
    }

    @Test
    void requestWithAKeyIsAnsweredAndNeitherKeyNorIdentityGoesOn() {
        var answer = ask(bearer(behind.key()));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-request-id")).startsWith("req_");

        var received = behind.provider().served().getLast();
        assertThat(received.header(IdentityToken.HEADER)).isEmpty();
        assertThat(received.header("authorization")).isEmpty();
        assertThat(ask(Map.of("x-api-key", behind.key())).status()).isEqualTo(200);
    }

    @Test
    void whoHasNoKeyOrAWrongOneIsRefusedInOpenAisWords() {
        int before = served();
        assertRefused(ask(Map.of()), 401, "missing_api_key");
        assertRefused(ask(bearer("upl_made_up")), 401, "invalid_api_key");
        assertRefused(ask(bearer(behind.key("revoked_at = now()"))), 401, "invalid_api_key");
        assertRefused(ask(bearer(behind.key("scopes = '{MANAGEMENT}'"))), 403, "key_scope");
        assertThat(served()).isEqualTo(before);
    }

    @Test
    void forgedIdentityIsWorthNothing() {
        int before = served();
        var forged = Map.of(IdentityToken.HEADER, "eyJhbGciOiJIUzI1NiJ9.e30.AAAA");
        assertRefused(ask(forged), 401, "missing_api_key");
        var past = "http://127.0.0.1:" + behind.gatewayPort();
        assertRefused(ask(past, forged), 401, "invalid_api_key");
        assertRefused(ask(past, bearer(behind.key())), 401, "invalid_api_key");
        assertThat(served()).isEqualTo(before);

        var both = new HashMap<>(forged);
        both.putAll(bearer(behind.key()));
        int records = behind.usage().size();
        assertThat(ask(both).status()).isEqualTo(200);
        assertThat(behind.usage()).hasSize(records + 1);
        assertThat(behind.usage().getLast().claim().user()).isEqualTo(behind.user());
    }

    /// What a client says of its own address counts for nothing.
    @Test
    void keyForAnotherPlaceIsRefusedWhateverTheClientSays() {
        var headers = new HashMap<>(bearer(behind.key("ip_ranges = '{10.0.0.0/8}'")));
        headers.put("x-forwarded-for", "10.1.2.3");
        assertRefused(ask(headers), 403, "address_not_allowed");
        assertThat(ask(bearer(behind.key("ip_ranges = '{127.0.0.0/8}'"))).status()).isEqualTo(200);
    }

    @Test
    void limitOfRequestsHoldsAtTheDoorAndIsTold() {
        var headers = bearer(behind.key("rpm = 2"));
        var first = ask(headers);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
        ask(headers);

        var refused = ask(headers);
        assertRefused(refused, 429, "requests_limit_exceeded");
        assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(refused.header("retry-after")).isNotEmpty();
    }

    /// Longer than the 15 s after which Envoy ends an answer unless it is told not to.
    @Test
    void longStreamComesAsItIsProducedAndWhole() {
        behind.provider().script(Behind.MODEL, "tokens=9;interval=2s");
        try (var http = RawHttp.connect(envoy.url()).waitAtMost(SOON)) {
            http.post(CHAT, body(true), bearer(behind.key()));
            var stream = SseClient.read(http);
            assertThat(stream.next()).isPresent();
            assertThat(behind.provider().inFlight()).as("it is still produced").isOne();
            assertThat(stream.data()).endsWith("[DONE]");
        }
    }

    /// R10: nobody passes whom nobody has let in, and nobody is told that his key is wrong.
    @Test
    void whileAccessIsAwayNobodyPasses() {
        var headers = bearer(behind.key());
        behind.accessLine().refuseNew().resetAll();
        int before = served();
        var answer = ask(headers);
        assertRefused(answer, 503, "access_unavailable");
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertRefused(ask(Map.of()), 503, "access_unavailable");
        assertThat(served()).isEqualTo(before);
    }

    @Test
    void whileAccessIsSlowNobodyPasses() {
        var headers = bearer(behind.key());
        behind.accessLine().latency(Duration.ofSeconds(1));
        int before = served();
        assertRefused(ask(headers), 503, "access_unavailable");
        assertThat(served()).isEqualTo(before);
    }
}
