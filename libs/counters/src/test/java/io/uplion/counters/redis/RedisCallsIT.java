// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.SharedStateException;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis goes, hangs or forgets while nobody waits.
class RedisCallsIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String[] KEYS = {"uplion:{a}"};

    private RedisProcess redis;
    private RedisCalls calls;

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
        calls = redis.calls(Duration.ofMillis(500));
    }

    @AfterEach
    void stop() {
        if (calls != null) {
            calls.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private CompletableFuture<List<Object>> ask() {
        return calls.run(RedisProcess.ECHO, KEYS, "word").toCompletableFuture();
    }

    private boolean answers() {
        try {
            return ask().join().equals(List.of("word"));
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(SharedStateException.class);
            return false;
        }
    }

    private void assertFails(CompletableFuture<List<Object>> asked) {
        assertThatThrownBy(asked::join).hasCauseInstanceOf(SharedStateException.class);
    }

    @Test
    void aScriptThatRedisHasForgottenIsSentAgain() {
        assertThat(answers()).isTrue();

        redis.ask("SCRIPT", "FLUSH");

        assertThat(answers()).isTrue();
    }

    @Test
    void aKilledStoreIsAnErrorAndFoundAgain() {
        redis.kill();
        assertFails(ask());
        redis.start();

        Await.until("found again", LIMIT, this::answers);
    }

    @Test
    void allWhoAskAFrozenStoreFailAndItIsFoundAgain() {
        redis.freeze();
        var asked = new ArrayList<CompletableFuture<List<Object>>>();
        for (var i = 0; i < 100; i++) {
            asked.add(ask());
        }
        // Nobody was held up: the store has answered none of them yet.
        assertThat(asked.getLast()).isNotDone();
        asked.forEach(this::assertFails);
        redis.thaw();

        Await.until("found again", LIMIT, this::answers);
    }

    @Test
    void patienceMayBeLong() {
        try (var patient = redis.calls(Duration.ofSeconds(20))) {
            redis.freeze();
            var asked = patient.run(RedisProcess.ECHO, KEYS, "word").toCompletableFuture();
            assertThat(asked.copy().orTimeout(1500, TimeUnit.MILLISECONDS))
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class);
            redis.thaw();

            assertThat(asked.join()).containsExactly("word");
        }
    }

    @Test
    void aScriptThatFailsIsAnErrorOfTheStore() {
        var wrong = new LuaScript("return redis.call('NONSENSE')", "0".repeat(40));

        assertFails(calls.run(wrong, KEYS).toCompletableFuture());
        Await.until("it goes on", LIMIT, this::answers);
    }

    @Test
    void whatIsClosedSaysSo() {
        calls.close();

        assertFails(ask());
    }
}
