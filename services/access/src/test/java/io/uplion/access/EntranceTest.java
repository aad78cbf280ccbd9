// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.rate.Bucket;
import io.uplion.counters.rate.InProcessRateLimits;
import io.uplion.counters.rate.RateLimits;
import io.uplion.counters.rate.Taken;
import io.uplion.openai.ErrorCode;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.identity.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EntranceTest {
    private static final UUID KEY = new UUID(1, 1);
    private static final UUID USER = new UUID(2, 2);

    private final AtomicLong nanos = new AtomicLong();
    private final RateLimits rates = new InProcessRateLimits(nanos::get);

    private static Decision allowed(Limited... limited) {
        return new Decision.Allowed(
                new Principal(
                        new UUID(3, 3),
                        USER,
                        Optional.of(KEY),
                        Optional.empty(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(Scope.INFERENCE),
                        List.of(limited)));
    }

    private static Limited limited(Subject subject, long rpm) {
        return new Limited(
                subject,
                new Limits(Optional.of(rpm), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private Entrance.Entry enter(Decision decision) {
        return enter(decision, rates);
    }

    private static Entrance.Entry enter(Decision decision, RateLimits rates) {
        return new Entrance(_ -> CompletableFuture.completedStage(decision), rates)
                .enter(Question.inference(new Credentials.None(), Optional.empty()))
                .toCompletableFuture()
                .join();
    }

    private static Entrance.Refused refused(Entrance.Entry entry) {
        assertThat(entry).isInstanceOf(Entrance.Refused.class);
        return (Entrance.Refused) entry;
    }

    @Test
    void whoHasNoLimitIsLetInWithoutCounting() {
        for (int i = 0; i < 1000; i++) {
            assertThat(enter(allowed()))
                    .isInstanceOfSatisfying(
                            Entrance.Admitted.class, in -> assertThat(in.requests()).isEmpty());
        }
    }

    @Test
    void tightestLimitOfKeyAndUserCountsAndIsTold() {
        var decision = allowed(limited(Subject.key(KEY), 100), limited(Subject.user(USER), 2));
        assertThat(enter(decision))
                .isInstanceOfSatisfying(
                        Entrance.Admitted.class,
                        in -> assertThat(in.requests().orElseThrow().remaining()).isEqualTo(1));
        enter(decision);

        var refused = refused(enter(decision));
        assertThat(refused.error().code()).isEqualTo(ErrorCode.REQUESTS_LIMITED);
        assertThat(refused.error().message()).isEqualTo("This user may make 2 requests a minute.");
        assertThat(refused.requests().orElseThrow().limit()).isEqualTo(2);
    }

    @Test
    void whoObeysRetryAfterIsLetIn() {
        var decision = allowed(limited(Subject.key(KEY), 1));
        enter(decision);
        long wait = refused(enter(decision)).error().retryAfterMillis();

        nanos.addAndGet(Duration.ofMillis(wait).toNanos());
        assertThat(enter(decision)).isInstanceOf(Entrance.Admitted.class);
    }

    @Test
    void whoIsNobodyIsCountedNowhere() {
        var key = limited(Subject.key(KEY), 1);
        enter(new Decision.Denied(Decision.Reason.REVOKED));
        assertThat(refused(enter(new Decision.Unavailable())).error().status()).isEqualTo(503);
        assertThat(enter(allowed(key))).isInstanceOf(Entrance.Admitted.class);
    }

    @Test
    void limitsThatCannotBeAskedAreNoYes() {
        var away =
                new RateLimits() {
                    @Override
                    public CompletionStage<Taken> take(UUID account, List<Bucket> buckets) {
                        return CompletableFuture.completedStage(new Taken.Unknown("away"));
                    }

                    @Override
                    public void close() {}
                };
        var refused = refused(enter(allowed(limited(Subject.key(KEY), 1)), away));
        assertThat(refused.error().code()).isEqualTo(ErrorCode.LIMITS_UNAVAILABLE);
        assertThat(refused.error().retryAfterMillis()).isPositive();
    }
}
