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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Four nodes and a Redis that goes away.
class RateLimitsWhileAwayIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);
    private static final int NODES = 4;

    private final UUID account = UUID.randomUUID();
    private final List<RedisCalls> calls = new ArrayList<>();
    private final List<RateLimits> nodes = new ArrayList<>();
    private RedisProcess redis;

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
        for (var i = 0; i < NODES; i++) {
            var own = redis.calls(Duration.ofSeconds(1));
            calls.add(own);
            nodes.add(
                    new RateLimitsWhileAway(
                            new RedisRateLimits(own),
                            new InProcessRateLimits(System::nanoTime, () -> NODES)));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(RateLimits::close);
        calls.forEach(RedisCalls::close);
        if (redis != null) {
            redis.close();
        }
    }

    private Taken take(int node, Bucket bucket) {
        return nodes.get(node % NODES).take(account, List.of(bucket)).toCompletableFuture().join();
    }

    private int letIn(Bucket bucket, int requests) {
        var letIn = 0;
        for (var i = 0; i < requests; i++) {
            letIn += take(i, bucket) instanceof Let ? 1 : 0;
        }
        return letIn;
    }

    private boolean allAreBack() {
        return calls.stream().noneMatch(RedisCalls::isAway);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileTheStoreIsAwayNoMoreThanTwiceTheLimitIsLetIn(boolean killed) {
        var start = System.nanoTime();
        var bucket = new Bucket("key:a", 60, 100);
        var before = letIn(bucket, 400);
        assertThat(before).isGreaterThanOrEqualTo(100);

        for (var i = 0; i < 2; i++) {
            if (killed) {
                redis.kill();
            } else {
                redis.freeze();
            }
            before += letIn(bucket, 400);
            assertThat(calls).allMatch(RedisCalls::isAway);
            if (killed) {
                break;
            }
            redis.thaw();
            Await.until("they are back", RECOVERY, this::allAreBack);
        }
        var seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
        assertThat(before).isBetween(150, (int) (2 * (100 + seconds)));
    }

    @Test
    void onceTheStoreIsBackAllCountTogetherAgain() {
        var bucket = new Bucket("key:a", 1, 6);
        redis.kill();
        for (var node = 0; node < NODES; node++) {
            assertThat(take(node, bucket)).isInstanceOf(Let.class);
            assertThat(take(node, bucket)).isInstanceOf(Refused.class);
        }
        redis.start();
        Await.until("they are back", RECOVERY, this::allAreBack);

        assertThat(letIn(bucket, 24)).isEqualTo(6);
    }
}
