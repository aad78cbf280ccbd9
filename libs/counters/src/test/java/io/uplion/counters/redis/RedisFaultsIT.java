// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.SharedState;
import io.uplion.counters.SharedStateException;
import io.uplion.platform.secret.Secret;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis goes, hangs, forgets, or does not let us in.
class RedisFaultsIT {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String PASSWORD = "correct-horse-battery";

    /// What a call may take, with what a busy machine adds.
    private static final Duration BOUND = Duration.ofMillis(1500);

    /// A second where nothing else runs.
    private static final Duration SOON = Duration.ofSeconds(10);

    private RedisProcess redis;
    private SharedState state;

    @BeforeEach
    void start() {
        redis = RedisProcess.start(PASSWORD);
        state = redis.client();
    }

    @AfterEach
    void stop() {
        if (redis != null) {
            state.close();
            redis.close();
        }
    }

    private static void failsInTime(ThrowingCallable call) {
        var start = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(SharedStateException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    private void everyCallFailsInTime() {
        failsInTime(() -> state.all("t"));
        failsInTime(() -> state.put("t", "a", "1", LONG));
        failsInTime(() -> state.remove("t", "a"));
        failsInTime(() -> state.lease("l", "me", LONG));
        failsInTime(() -> state.release("l", "me"));
    }

    @Test
    void aKilledStoreIsAnErrorAndBackEmptyWithinASecond() {
        state.put("t", "a", "1", LONG);
        state.lease("l", "me", LONG);

        redis.kill();
        everyCallFailsInTime();
        redis.start();

        Await.until("asked again", SOON, () -> succeeds(() -> state.all("t")));
        assertThat(state.all("t")).isEmpty();
        assertThat(state.lease("l", "you", LONG)).isTrue();
        state.put("t", "b", "2", LONG);
        assertThat(state.all("t")).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void aRestartWhileNobodyAsksIsNotNoticed() {
        redis.kill();
        redis.start();

        assertThat(state.all("t")).isEmpty();
    }

    @Test
    void aFrozenStoreIsAnErrorAndAsItWasAfterwards() {
        state.put("t", "a", "1", LONG);

        redis.freeze();
        everyCallFailsInTime();
        redis.thaw();

        Await.until("asked again", SOON, () -> succeeds(() -> state.all("t")));
        assertThat(state.all("t")).containsEntry("a", "1");
    }

    @Test
    void manyCallersOfAFrozenStoreAllFailInTime() throws Exception {
        state.all("t");
        redis.freeze();
        Callable<Void> asking =
                () -> {
                    failsInTime(() -> state.all("t"));
                    return null;
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var asked : threads.invokeAll(Stream.generate(() -> asking).limit(50).toList())) {
                asked.get();
            }
        } finally {
            redis.thaw();
        }
    }

    @Test
    void aStoreThatComesAfterUsIsFound() {
        redis.kill();
        try (var early = RedisSharedState.at(redis.config())) {
            failsInTime(() -> early.all("t"));
            redis.start();
            Await.until("found", SOON, () -> succeeds(() -> early.all("t")));
        }
    }

    @Test
    void whatAcceptsConnectionsAndSaysNothingIsAnError() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var asked = at("redis://127.0.0.1:" + silent.getLocalPort(), PASSWORD)) {
            failsInTime(() -> asked.all("t"));
            failsInTime(() -> asked.lease("l", "me", LONG));
        }
    }

    @Test
    void aWrongPasswordIsAnErrorThatDoesNotRepeatIt() {
        var url = "redis://127.0.0.1:" + redis.config().port();
        try (var wrong = at(url, "no-horse-at-all")) {
            assertThatThrownBy(() -> wrong.all("t"))
                    .isInstanceOf(SharedStateException.class)
                    .satisfies(e -> assertThat(everything(e)).doesNotContain("no-horse"));
        }
        try (var none = RedisSharedState.at(RedisConfig.of(url, Optional.empty()))) {
            assertThatThrownBy(() -> none.all("t")).isInstanceOf(SharedStateException.class);
        }
    }

    private static SharedState at(String url, String password) {
        return RedisSharedState.at(RedisConfig.of(url, Optional.of(Secret.of(password))));
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (SharedStateException e) {
            return false;
        }
    }

    private static String everything(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
