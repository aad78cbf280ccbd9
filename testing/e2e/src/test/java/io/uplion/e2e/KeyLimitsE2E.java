// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.NewKey;
import io.uplion.portal.keys.Revocation;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Keys with limits, and keys that are revoked while something runs, on a running platform.
class KeyLimitsE2E {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String FIRST_USER = "admin@localhost";

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

    private static Created key(Limits limits) {
        var terms = new KeyTerms(Scope.INFERENCE, Set.of(), Set.of(), List.of(), limits);
        var asked = new NewKey("limited", FIRST_USER, Optional.empty(), terms, Optional.empty());
        return platform.keys(keys -> (Created) keys.create(asked));
    }

    private static Limits limits(Optional<Long> rpm, Optional<Long> tpm, Optional<Integer> tasks) {
        return new Limits(rpm, tpm, tasks, Optional.empty());
    }

    private static Map<String, String> with(Created key) {
        return Map.of("authorization", "Bearer " + key.secret().reveal());
    }

    private static RawResponse chat(Created key, String more) {
        return api.post(Api.CHAT, Api.chatBody("fake", more), with(key));
    }

    private static SseClient stream(Created key) {
        return api.stream("fake", "", with(key));
    }

    @Test
    void requestsAMinuteHoldAndAreTold() {
        platform.provider().script("fake", "tokens=2");
        var key = key(limits(Optional.of(2L), Optional.empty(), Optional.empty()));
        var first = chat(key, "");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(chat(key, "").status()).isEqualTo(200);

        var refused = chat(key, "");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body())
                .contains("requests_limit_exceeded")
                .contains("This key may make 2 requests a minute.");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 30);
        assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    }

    @Test
    void tokensAMinuteAreCorrectedByUse() {
        platform.provider().script("fake", "tokens=2");
        var key = key(limits(Optional.empty(), Optional.of(600L), Optional.empty()));
        for (int i = 0; i < 5; i++) {
            var answer = chat(key, ",\"max_tokens\":500");
            assertThat(answer.status()).as("held 500 each, used a few").isEqualTo(200);
            assertThat(answer.header("x-ratelimit-limit-tokens")).isEqualTo("600");
        }
        var tooLarge = chat(key, ",\"max_tokens\":5000");
        assertThat(tooLarge.status()).isEqualTo(429);
        assertThat(tooLarge.body()).contains("request_exceeds_limit");
    }

    @Test
    void onlyAsManyRunAtOnceAsMay() {
        platform.provider().script("fake", "silent-after=1");
        var key = key(limits(Optional.empty(), Optional.empty(), Optional.of(1)));
        try (var running = stream(key)) {
            assertThat(running.next()).isPresent();
            assertThat(chat(key, "").body()).contains("concurrency_limit_exceeded");
        }
        platform.provider().script("fake", "tokens=1");
        Await.until("the place is free", LIMIT, () -> chat(key, "").status() == 200);
    }

    /// What a client that was killed held would be missing for ever.
    @Test
    void allPlacesAreFreeAfterClientsLeftAtRandom() throws InterruptedException {
        platform.provider().script("fake", "tokens=30;interval=5ms");
        int most = 12;
        var key = key(limits(Optional.empty(), Optional.empty(), Optional.of(most)));
        var random = new Random(7);
        var moments = random.longs(120, 0, 300_000_000).boxed().toList();
        Crowd.start(moments.size(), i -> leave(key, i, moments.get(i))).answers();
        Await.until(
                "nothing is open", LIMIT, () -> api.metric("uplion_gateway_requests_open") == 0);

        platform.provider().hold("fake");
        var crowd = Crowd.start(most, _ -> chat(key, "").status());
        try {
            platform.provider().awaitInFlight(most, LIMIT);
            assertThat(chat(key, "").body()).contains("concurrency_limit_exceeded");
        } finally {
            platform.provider().release("fake");
        }
        assertThat(crowd.answers()).containsOnly(200);
    }

    private static boolean leave(Created key, int number, long afterNanos) {
        var client = api.connect();
        var more = number % 3 == 0 ? "" : ",\"stream\":true";
        client.post(Api.CHAT, Api.chatBody("fake", more), with(key));
        // Whatever has happened until then: that is the chance in it.
        LockSupport.parkNanos(afterNanos);
        if (number % 2 == 0) {
            client.reset();
        } else {
            client.close();
        }
        return true;
    }

    @Test
    void revokedKeysStreamEndsAndItsProviderIsStopped() {
        platform.provider().script("fake", "tokens=1000;interval=100ms");
        var key = key(Limits.NONE);
        int before = platform.provider().served().size();
        try (var running = stream(key)) {
            assertThat(running.next()).isPresent();
            long revoked = System.nanoTime();
            assertThat(platform.<Revocation>keys(keys -> keys.revoke(key.key().id())))
                    .isInstanceOf(Revocation.Revoked.class);

            var events = running.events();
            assertThat(Duration.ofNanos(System.nanoTime() - revoked))
                    .as("five seconds are promised, on a machine that may be busy")
                    .isLessThan(LIMIT);
            assertThat(events.getLast().data()).contains("invalid_api_key");
            assertThat(running.body()).doesNotContain("[DONE]");
        }
        Await.until(
                "the provider is stopped",
                LIMIT,
                () -> platform.provider().served().size() > before);
        assertThat(platform.provider().served().getLast().ending()).isEqualTo(Ending.CLIENT_GONE);
        platform.provider().script("fake", "tokens=1");
        Await.until("the key is refused", LIMIT, () -> chat(key, "").status() == 401);
    }
}
