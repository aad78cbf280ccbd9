// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.rate.Taken.Let;
import io.uplion.counters.rate.Taken.Refused;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InProcessRateLimitsTest extends RateLimitsContract {
    private static final UUID ACCOUNT = UUID.randomUUID();
    private static final BigInteger MINUTE = BigInteger.valueOf(Duration.ofMinutes(1).toNanos());

    private final RateLimits store = new InProcessRateLimits(System::nanoTime);

    /// Begins where the count overflows: it may do so at any time.
    private long now = Long.MAX_VALUE - 5;

    private final InProcessRateLimits timed = new InProcessRateLimits(() -> now);

    /// The clients of one process are one and the same.
    @Override
    protected RateLimits client() {
        return store;
    }

    @Override
    void close() {
        // The others go on.
    }

    private Taken take(Bucket bucket) {
        return timed.take(ACCOUNT, List.of(bucket)).toCompletableFuture().join();
    }

    @Property
    void noWindowLetsInMoreThanBurstAndRateAndNoRefusalIsLongerThanNeeded(
            @ForAll @LongRange(min = 1, max = Bucket.MOST) long perMinute,
            @ForAll @IntRange(min = 1, max = 4) int burst,
            @ForAll @Size(max = 60) List<@LongRange(max = 400) Long> hundredths) {
        var bucket = new Bucket("b", perMinute, burst);
        var interval = MINUTE.longValue() / perMinute;
        var letIn = new ArrayList<Long>();
        for (var pause : hundredths) {
            now += pause * interval / 100;
            if (take(bucket) instanceof Refused(var _, var retryAfter)) {
                now += retryAfter.toNanos() - 1;
                assertThat(take(bucket)).isInstanceOf(Refused.class);
                now++;
                assertThat(take(bucket)).isInstanceOf(Let.class);
            }
            letIn.add(now);
        }
        for (var first = 0; first < letIn.size(); first++) {
            for (var last = first; last < letIn.size(); last++) {
                assertNoMore(bucket, last - first + 1, letIn.get(last) - letIn.get(first));
            }
        }
    }

    /// count ≤ burst + rate × time, without fractions.
    private static void assertNoMore(Bucket bucket, long count, long time) {
        var most = BigInteger.valueOf(bucket.perMinute()).multiply(BigInteger.valueOf(time));
        assertThat(BigInteger.valueOf(count - bucket.burst()).multiply(MINUTE))
                .isLessThanOrEqualTo(most);
    }

    @Test
    void afterARestTheWholeBurstIsThereAndNoMore() {
        var bucket = new Bucket("b", 60, 3);
        for (var rest : List.of(Duration.ofSeconds(3), Duration.ofDays(20_000))) {
            for (var i = 0; i < 3; i++) {
                assertThat(take(bucket)).isInstanceOf(Let.class);
            }
            assertThat(take(bucket)).isInstanceOf(Refused.class);
            now += rest.toNanos();
        }
    }

    @Test
    void whatIsEmptyIsForgotten() {
        var bucket = List.of(new Bucket("b", 60_000_000, 1));
        for (var i = 0; i < 100_000; i++) {
            timed.take(UUID.randomUUID(), bucket);
            now += 1_000;
        }
        assertThat(timed.size()).isLessThan(20_000);
    }

    @Test
    void whatIsNotEmptyIsKept() {
        take(new Bucket("slow", 1, 1));
        var quick = List.of(new Bucket("b", 60_000_000, 1));
        for (var i = 0; i < 40_000; i++) {
            timed.take(UUID.randomUUID(), quick);
        }
        assertThat(take(new Bucket("slow", 1, 1))).isInstanceOf(Refused.class);
    }

    @Test
    void aNodeAloneLetsInItsShare() {
        var one = new InProcessRateLimits(() -> now, () -> 4);
        var bucket = List.of(new Bucket("b", 60, 10));
        var letIn = 0;
        for (var i = 0; i < 10; i++) {
            letIn += letIn(one, bucket);
        }
        assertThat(letIn).isEqualTo(2);
        for (var second = 0; second < 400; second++) {
            now += Duration.ofSeconds(1).toNanos();
            letIn += letIn(one, bucket);
        }
        assertThat(letIn).isEqualTo(102);
    }

    @Test
    void aShareBelowOneLetsInOneAfterARest() {
        var one = new InProcessRateLimits(() -> now, () -> 4);
        var bucket = List.of(new Bucket("b", 1, 1));

        assertThat(letIn(one, bucket)).isOne();
        now += Duration.ofMinutes(4).toNanos() - 1;
        assertThat(letIn(one, bucket)).isZero();
        now++;
        assertThat(letIn(one, bucket)).isOne();
    }

    private static int letIn(RateLimits limits, List<Bucket> buckets) {
        return limits.take(ACCOUNT, buckets).toCompletableFuture().join() instanceof Let ? 1 : 0;
    }

    @Test
    void whatIsClosedDoesNotKnow() {
        timed.close();

        assertThat(take(new Bucket("b", 1, 1))).isInstanceOf(Taken.Unknown.class);
    }
}
