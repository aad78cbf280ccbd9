// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicInteger rounds = new AtomicInteger();

    private void await(int atLeast) {
        Await.until(atLeast + " rounds", LIMIT, () -> rounds.get() >= atLeast);
    }

    @Test
    void theFirstRoundIsOverWhenTheyHaveStarted() {
        try (var _ = Rounds.start("test", Duration.ofHours(1), rounds::incrementAndGet)) {
            assertThat(rounds).hasValue(1);
        }
    }

    @Test
    void aFirstRoundAsideKeepsNobody() {
        var go = new CountDownLatch(1);
        Runnable waiting =
                () -> {
                    awaitUninterrupted(go);
                    rounds.incrementAndGet();
                };
        try (var _ = Rounds.startAside("test", Duration.ofHours(1), waiting)) {
            assertThat(rounds).hasValue(0);
            go.countDown();
            await(1);
        }
    }

    @Test
    void roundsFollowEachOther() {
        try (var _ = Rounds.start("test", Duration.ofMillis(1), rounds::incrementAndGet)) {
            await(5);
        }
    }

    @Test
    void whatFailsIsTriedAgain() {
        try (var _ =
                Rounds.start(
                        "test",
                        Duration.ofMillis(1),
                        () -> {
                            if (rounds.incrementAndGet() % 2 == 0) {
                                throw new IllegalStateException("even");
                            }
                            throw new SharedStateException("odd");
                        })) {
            await(5);
        }
    }

    @Test
    void aRoundThatIsWantedComesWithoutThePause() {
        try (var asked = Rounds.start("test", Duration.ofHours(1), rounds::incrementAndGet)) {
            asked.soon();
            await(2);
            asked.soon();
            await(3);
        }
    }

    @Test
    void closingWaitsForTheRoundThatRunsAndEndsThem() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var asked =
                Rounds.start(
                        "test",
                        Duration.ofHours(1),
                        () -> {
                            if (rounds.incrementAndGet() == 2) {
                                begun.countDown();
                                awaitUninterrupted(go);
                                ended.countDown();
                            }
                        });
        asked.soon();
        begun.await();
        var closing = Thread.ofVirtual().start(asked::close);
        go.countDown();
        closing.join();
        asked.soon();

        assertThat(ended.await(0, TimeUnit.SECONDS)).isTrue();
        assertThat(rounds).as("closed before anybody asked again").hasValue(2);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
