// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.rate.Taken.Let;
import io.uplion.counters.rate.Taken.Refused;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every adapter of [RateLimits] does.
public abstract class RateLimitsContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final UUID account = UUID.randomUUID();
    private RateLimits mine;
    private RateLimits others;

    /// A client of the store that all tests of a class share.
    protected abstract RateLimits client();

    @BeforeEach
    void open() {
        mine = client();
        others = client();
    }

    @AfterEach
    void close() {
        mine.close();
        others.close();
    }

    private static Taken take(RateLimits limits, UUID account, Bucket... buckets) {
        return limits.take(account, List.of(buckets)).toCompletableFuture().join();
    }

    private Taken take(Bucket... buckets) {
        return take(mine, account, buckets);
    }

    private static Bucket slow(String name, long burst) {
        return new Bucket(name, 1, burst);
    }

    private static void waitFor(Duration time) {
        var start = System.nanoTime();
        Await.until(
                "time passes", time.plus(LIMIT), () -> System.nanoTime() - start >= time.toNanos());
    }

    @Test
    void aBurstIsLetInAndThenNobody() {
        var bucket = slow("key:a", 5);
        for (var left = 4; left >= 0; left--) {
            var let = (Let) take(bucket);
            assertThat(let.tightest().orElseThrow().remaining()).isEqualTo(left);
        }

        var refused = (Refused) take(bucket);

        assertThat(refused.standing().name()).isEqualTo("key:a");
        assertThat(refused.standing().limit()).isOne();
        assertThat(refused.standing().remaining()).isZero();
        assertThat(refused.retryAfter())
                .isLessThanOrEqualTo(MINUTE)
                .isGreaterThan(MINUTE.minus(LIMIT));
        assertThat(refused.standing().resetAfter())
                .isEqualTo(refused.retryAfter().plus(MINUTE.multipliedBy(4)));
    }

    @Test
    void allNodesCountTogether() {
        var bucket = slow("key:a", 2);

        assertThat(take(mine, account, bucket)).isInstanceOf(Let.class);
        assertThat(take(others, account, bucket)).isInstanceOf(Let.class);
        assertThat(take(mine, account, bucket)).isInstanceOf(Refused.class);
        assertThat(take(others, account, bucket)).isInstanceOf(Refused.class);
    }

    @Test
    void whatOneBucketRefusesNoneCounts() {
        var wide = slow("account", 10);
        var narrow = slow("key:a", 1);
        take(wide, narrow);

        for (var i = 0; i < 20; i++) {
            var refused = (Refused) take(wide, narrow);
            assertThat(refused.standing().name()).isEqualTo("key:a");
        }

        var let = (Let) take(wide, slow("key:b", 3));
        assertThat(let.standings()).extracting(Standing::remaining).containsExactly(8L, 2L);
        assertThat(let.tightest().orElseThrow().name()).isEqualTo("key:b");
    }

    @Test
    void theBucketThatTakesLongestRefuses() {
        var slow = new Bucket("slow", 1, 1);
        var quick = new Bucket("quick", 2, 1);
        take(slow, quick);

        for (var buckets : List.of(List.of(slow, quick), List.of(quick, slow))) {
            var refused = (Refused) mine.take(account, buckets).toCompletableFuture().join();
            assertThat(refused.standing().name()).isEqualTo("slow");
            assertThat(refused.retryAfter()).isGreaterThan(MINUTE.minus(LIMIT));
        }
    }

    @Test
    void whoComesBackWhenToldIsLetIn() {
        var bucket = new Bucket("key:a", 40, 1);
        take(bucket);
        for (var i = 0; i < 2; i++) {
            var refused = (Refused) take(bucket);
            assertThat(refused.retryAfter()).isPositive();

            waitFor(refused.retryAfter());

            assertThat(take(bucket)).isInstanceOf(Let.class);
        }
    }

    @Test
    void accountsAndBucketsDoNotMix() {
        var bucket = slow("key:a", 1);
        take(bucket);

        assertThat(take(slow("key:b", 1))).isInstanceOf(Let.class);
        assertThat(take(slow("key:a ", 1))).isInstanceOf(Let.class);
        assertThat(take(slow("key:{ü} 模型\n", 1))).isInstanceOf(Let.class);
        assertThat(take(mine, UUID.randomUUID(), bucket)).isInstanceOf(Let.class);
        assertThat(take(bucket)).isInstanceOf(Refused.class);
    }

    @Test
    void whoHasNoLimitIsLetIn() {
        assertThat(take()).isEqualTo(new Let(List.of()));
    }

    @Test
    void aChangedLimitHoldsAtOnce() {
        take(slow("key:a", 3));
        take(slow("key:a", 3));

        assertThat(take(slow("key:a", 2))).isInstanceOf(Refused.class);
        var lower = (Refused) take(slow("key:a", 1));
        assertThat(lower.retryAfter()).isGreaterThan(MINUTE);
        var higher = (Let) take(slow("key:a", 10));
        assertThat(higher.tightest().orElseThrow().remaining()).isEqualTo(7);
    }

    @Test
    void theLargestLimitIsCountedExactly() {
        var bucket = new Bucket("key:a", 1, Bucket.MOST);

        assertThat(((Let) take(bucket)).tightest().orElseThrow().remaining())
                .isEqualTo(Bucket.MOST - 1);
        assertThat(((Let) take(bucket)).tightest().orElseThrow().remaining())
                .isEqualTo(Bucket.MOST - 2);
    }

    @Test
    void fourNodesLetInNoMoreThanBurstAndRate() throws Exception {
        var bucket = new Bucket("key:a", 6_000, 20);
        var nodes = Stream.generate(this::client).limit(4).toList();
        var time = Duration.ofSeconds(2);
        var start = System.nanoTime();
        var askers = new ArrayList<Callable<Long>>();
        for (var i = 0; i < 16; i++) {
            var node = nodes.get(i % nodes.size());
            askers.add(() -> letIn(node, bucket, start + time.toNanos()));
        }
        var letIn = 0L;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var asker : threads.invokeAll(askers)) {
                letIn += asker.get();
            }
        }
        var passed = System.nanoTime() - start;
        nodes.forEach(RateLimits::close);

        assertThat(letIn).isLessThanOrEqualTo(20 + passed / 10_000_000);
        assertThat(letIn).isGreaterThan(20);
    }

    private long letIn(RateLimits node, Bucket bucket, long until) {
        var count = 0L;
        while (System.nanoTime() < until) {
            count += take(node, account, bucket) instanceof Let ? 1 : 0;
        }
        return count;
    }

    @Test
    void whatCannotBeCountedIsRefused() {
        for (var number : List.of(0L, -1L, Long.MIN_VALUE, Bucket.MOST + 1, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> new Bucket("a", number, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Bucket("a", 1, number))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
