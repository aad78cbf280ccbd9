// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.SharedStateException;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis goes, hangs or forgets while nobody waits.
class RedisCallsIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofSeconds(5);
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
    void aScriptThatFailsIsNoTroubleOfTheStore() {
        var wrong = new LuaScript("return redis.call('NONSENSE')", "0".repeat(40));

        assertFails(calls.run(wrong, KEYS).toCompletableFuture());

        assertThat(calls.isAway()).isFalse();
        assertThat(ask().join()).containsExactly("word");
    }

    @Test
    void aStoreThatTakesNoWritesIsInTrouble() {
        var write = "return {redis.call('SET', KEYS[1], '1')['ok']}";
        redis.ask("REPLICAOF", "127.0.0.1", "1");

        assertFails(calls.run(new LuaScript(write, "0".repeat(40)), KEYS).toCompletableFuture());

        assertThat(calls.isAway()).isTrue();
    }

    @Test
    void afterTheFirstTroubleNobodyIsHeldUpAnyMore() {
        redis.freeze();
        assertFails(ask());

        // No call has to wait for anything: it has failed when it returns.
        assertThat(calls.isAway()).isTrue();
        for (var i = 0; i < 1000; i++) {
            assertThat(ask()).isCompletedExceptionally();
        }
        redis.thaw();
        Await.until("it is back", RECOVERY, () -> !calls.isAway());
        assertThat(ask()).succeedsWithin(LIMIT);
    }

    @Test
    void aStoreThatIsBackIsFoundThoughNobodyAsks() {
        var told = new AtomicInteger();
        calls.whenBack(told::incrementAndGet);
        redis.kill();
        assertFails(ask());
        redis.start();

        Await.until("it is back", RECOVERY, () -> !calls.isAway());
        Await.until("it is told", LIMIT, () -> told.get() == 1);
    }

    @Test
    void aSlowStoreIsAsGoodAsAway() throws IOException {
        try (var slow = new SlowPath(redis.config().port(), Duration.ofSeconds(2));
                var asked = RedisCalls.at(slow.config(), Duration.ofMillis(200))) {
            assertFails(asked.run(RedisProcess.ECHO, KEYS, "word").toCompletableFuture());
            assertThat(asked.isAway()).isTrue();
            // Its tries fail as well; one of them was made after two seconds.
            assertThat(new CompletableFuture<Void>().orTimeout(3, TimeUnit.SECONDS))
                    .failsWithin(LIMIT);
            assertThat(asked.isAway()).isTrue();

            slow.hurry();
            Await.until("it is back", RECOVERY, () -> !asked.isAway());
        }
    }

    @Test
    void whatIsClosedSaysSo() {
        calls.close();

        assertFails(ask());
    }
}
