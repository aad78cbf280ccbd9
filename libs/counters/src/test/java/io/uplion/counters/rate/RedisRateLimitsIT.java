// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.rate.Taken.Let;
import io.uplion.counters.rate.Taken.Refused;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisRateLimitsIT extends RateLimitsContract {
    private static final List<RedisCalls> CALLS = new ArrayList<>();
    private static RedisProcess redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("");
    }

    @AfterAll
    static void stopRedis() {
        CALLS.forEach(RedisCalls::close);
        CALLS.clear();
        if (redis != null) {
            redis.close();
        }
    }

    /// A node of its own: it has its own connection.
    @Override
    protected RateLimits client() {
        var calls = redis.calls(Duration.ofSeconds(10));
        CALLS.add(calls);
        return new RedisRateLimits(calls);
    }

    @Test
    void whatIsEmptyIsForgotten() {
        var account = UUID.randomUUID();
        var limits = client();
        var key = "uplion:rate:{" + account + "}:";

        limits.take(account, List.of(new Bucket("slow", 1, 3))).toCompletableFuture().join();
        limits.take(account, List.of(new Bucket("slow", 1, 3))).toCompletableFuture().join();
        limits.take(account, List.of(new Bucket("quick", 6_000, 3))).toCompletableFuture().join();

        assertThat(redis.ask("PTTL", key + "slow")).isBetween(110_000L, 120_000L);
        assertThat(redis.ask("PTTL", key + "quick")).isLessThanOrEqualTo(10L);
    }

    @Test
    void aClockThatWentBackRefusesNoLongerThanNeeded() {
        var account = UUID.randomUUID();
        var limits = client();
        var bucket = List.of(new Bucket("key:a", 600, 1));
        var future = (System.currentTimeMillis() + 3_600_000) * 1000;
        redis.ask("SET", "uplion:rate:{" + account + "}:key:a", "60000000 " + future);

        var first = (Refused) limits.take(account, bucket).toCompletableFuture().join();
        assertThat(first.retryAfter()).isEqualTo(Duration.ofMillis(100));
        Await.until(
                "let in",
                Duration.ofSeconds(10),
                () -> limits.take(account, bucket).toCompletableFuture().join() instanceof Let);
    }
}
