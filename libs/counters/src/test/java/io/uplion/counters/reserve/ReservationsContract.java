// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.rate.Standing;
import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import io.uplion.counters.reserve.Reserved.TooLarge;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every adapter of [Reservations] does.
public abstract class ReservationsContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final UUID account = UUID.randomUUID();
    private final Subject key = Subject.of("key:a");
    private final Subject user = Subject.of("user:b");

    /// A client of the store that all tests of a class share.
    protected abstract Reservations client(Duration lease);

    private Asking asking() {
        return new Asking(client(Reservations.LEASE), account);
    }

    /// A node of its own, before the same account.
    private Asking another(Asking first) {
        return new Asking(client(Reservations.LEASE), first.account());
    }

    private static long remaining(Reserved reserved) {
        return ((Held) reserved).tightest().orElseThrow().remaining();
    }

    @Test
    void tokensAreHeldUntilThereAreNoMore() {
        var limited = key.withTokensPerMinute(100);

        var first = (Held) asking().reserve(60, limited);

        var standing = first.tightest().orElseThrow();
        assertThat(standing.name()).isEqualTo("key:a");
        assertThat(standing.limit()).isEqualTo(100);
        assertThat(standing.remaining()).isEqualTo(40);
        assertThat(standing.resetAfter()).isEqualTo(Duration.ofSeconds(36));
        assertThat(another(asking()).reserve(40, limited)).isInstanceOf(Held.class);
        var refused = (Refused) asking().reserve(50, limited);
        assertThat(refused.subject()).isEqualTo("key:a");
        assertThat(refused.limit()).isEqualTo(Limit.TOKENS);
        assertThat(refused.most()).isEqualTo(100);
        assertThat(refused.tokens().orElseThrow().limit()).isEqualTo(100);
        assertThat(refused.tokens().orElseThrow().remaining()).isLessThan(50);
        assertThat(refused.retryAfter().orElseThrow())
                .isLessThanOrEqualTo(Duration.ofSeconds(30))
                .isGreaterThan(Duration.ofSeconds(10));
    }

    @Test
    void whoComesBackWhenToldHasIt() {
        var limited = key.withTokensPerMinute(60_000);
        asking().held(60_000, limited);
        for (var i = 0; i < 2; i++) {
            var refused = (Refused) asking().reserve(2_000, limited);

            Asking.waitFor(refused.retryAfter().orElseThrow());

            assertThat(asking().reserve(2_000, limited)).isInstanceOf(Held.class);
        }
    }

    @Test
    void whatOneSubjectLacksNoneHolds() {
        var wide = user.withTokensPerMinute(100).withTasksAtOnce(2);
        var narrow = key.withTasksAtOnce(1);
        var running = asking().held(10, wide, narrow);

        for (var i = 0; i < 5; i++) {
            var refused = (Refused) asking().reserve(10, wide, narrow);
            assertThat(refused.subject()).isEqualTo("key:a");
            assertThat(refused.limit()).isEqualTo(Limit.CONCURRENCY);
            assertThat(refused.most()).isOne();
            assertThat(refused.retryAfter().orElseThrow()).isPositive();
            assertThat(refused.tokens()).isEmpty();
        }

        assertThat(remaining(asking().reserve(10, wide))).isBetween(80L, 100L);
        assertThat(asking().reserve(0, wide)).isInstanceOf(Refused.class);
        asking().settle(running, 10);
        assertThat(asking().reserve(0, wide)).isInstanceOf(Held.class);
    }

    @Test
    void ofAllLimitsThatAreMetTheLongestIsNamed() {
        var slow = key.withTokensPerMinute(10).withTasksAtOnce(1);
        var quick = user.withTokensPerMinute(1000);
        asking().held(10, slow);
        asking().held(1000, quick);

        for (var subjects : List.of(List.of(slow, quick), List.of(quick, slow))) {
            var ask = new Ask(UUID.randomUUID(), account, subjects, 10, 0);
            var refused = (Refused) asking().reserve(ask);
            assertThat(refused.subject()).isEqualTo("key:a");
            assertThat(refused.limit()).isEqualTo(Limit.TOKENS);
            assertThat(refused.retryAfter().orElseThrow()).isGreaterThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void tokensThatWereNotUsedAreGivenBack() {
        var limited = key.withTokensPerMinute(100);
        var running = asking().held(90, limited);

        assertThat(asking().settle(running, 20)).isEqualTo(new Noted.Done());

        assertThat(remaining(asking().reserve(70, limited))).isBetween(10L, 45L);
    }

    @Test
    void moreTokensThanAskedForAreADebt() {
        var limited = key.withTokensPerMinute(100);
        var running = asking().held(10, limited);

        another(asking()).settle(running, 250);

        var refused = (Refused) asking().reserve(1, limited);
        assertThat(refused.retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(70), Duration.ofSeconds(91));
        assertThat(refused.tokens().orElseThrow().remaining()).isZero();
        assertThat(refused.tokens().orElseThrow().resetAfter()).isGreaterThan(MINUTE);
    }

    @Test
    void settlingAgainDoesNothing() {
        var limited = key.withTokensPerMinute(100).withTasksAtOnce(2);
        var running = asking().held(50, limited);
        asking().held(30, limited);
        asking().settle(running, 20);

        asking().settle(running, 20);
        another(asking()).settle(running, 90);

        assertThat(remaining(asking().reserve(10, limited))).isBetween(40L, 75L);
        assertThat(asking().reserve(10, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void moreThanTheWholeLimitIsNoMatterOfTime() {
        var small = key.withTokensPerMinute(100);

        assertThat(asking().reserve(101, user.withTokensPerMinute(200), small))
                .isEqualTo(new TooLarge("key:a", Limit.TOKENS, 100));
        assertThat(asking().reserve(100, small)).isInstanceOf(Held.class);
    }

    @Test
    void askingAgainForATaskHoldsNothingMore() {
        var limited = key.withTokensPerMinute(100).withTasksAtOnce(2);
        var running = asking().held(60, limited);

        assertThat(remaining(another(asking()).reserve(running))).isBetween(40L, 75L);

        assertThat(asking().reserve(40, limited)).isInstanceOf(Held.class);
        assertThat(asking().reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void aTaskThatIsOverHoldsNothingEverAgain() {
        var limited = key.withTasksAtOnce(1);
        var running = asking().held(0, limited);
        asking().settle(running, 0);

        assertThat(asking().renew(running)).isEqualTo(new Renewed.Done(Set.of(running.task())));
        assertThat(asking().reserve(running)).isEqualTo(new Reserved.Over());
        assertThat(asking().reserve(0, limited)).isInstanceOf(Held.class);
    }

    @Test
    void aTaskThatWasNotedBeforeItWasHeldStaysOver() {
        var limited = key.withTokensPerMinute(100).withTasksAtOnce(1);
        var ask = asking().ask(10, limited);

        asking().settle(ask, 50);

        assertThat(asking().reserve(ask)).isEqualTo(new Reserved.Over());
        assertThat(remaining(asking().reserve(10, limited))).isBetween(40L, 75L);
    }

    @Test
    void whatIsNotRenewedFreesItself() {
        var asking = new Asking(client(SHORT), account);
        var limited = key.withTasksAtOnce(2);
        asking.held(0, limited);
        asking.held(0, limited);
        assertThat(asking.reserve(0, limited)).isInstanceOf(Refused.class);

        for (var i = 0; i < 2; i++) {
            Await.until(
                    "one is free", Asking.LIMIT, () -> asking.reserve(0, limited) instanceof Held);
        }
        assertThat(asking.reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void whatIsRenewedIsHeld() {
        var asking = new Asking(client(Duration.ofSeconds(3)), account);
        var limited = key.withTasksAtOnce(1);
        var running = asking.held(0, limited);
        var start = System.nanoTime();
        Await.until(
                "two leases pass",
                Asking.LIMIT,
                () -> {
                    assertThat(asking.renew(running)).isEqualTo(new Renewed.Done(Set.of()));
                    assertThat(asking.reserve(0, limited)).isInstanceOf(Refused.class);
                    return System.nanoTime() - start > Duration.ofSeconds(6).toNanos();
                });
    }

    @Test
    void whatTheStoreDoesNotKnowIsHeldOnceItIsRenewed() {
        var limited = key.withTokensPerMinute(100).withTasksAtOnce(2);
        var one = asking().ask(30, limited);
        var two = asking().ask(30, limited);
        var elsewhere = new Ask(UUID.randomUUID(), UUID.randomUUID(), List.of(limited), 30, 0);

        assertThat(asking().renew(one, elsewhere, two)).isEqualTo(new Renewed.Done(Set.of()));
        asking().renew(one, two);

        assertThat(asking().reserve(0, limited)).isInstanceOf(Refused.class);
        asking().settle(one, 10);
        assertThat(remaining(asking().reserve(0, limited))).isBetween(90L, 100L);
        assertThat(asking().reserve(0, limited)).isInstanceOf(Refused.class);
        var other = new Asking(asking().store(), elsewhere.account());
        assertThat(other.reserve(0, limited)).isInstanceOf(Held.class);
        assertThat(other.reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void whatWasFreedIsHeldAgainOnceItIsRenewed() {
        var asking = new Asking(client(SHORT), account);
        var running = asking.held(0, key.withTasksAtOnce(1));
        Await.until(
                "it is free",
                Asking.LIMIT,
                () -> asking.reserve(0, key.withTasksAtOnce(1)) instanceof Held);

        asking().renew(running);

        assertThat(asking().reserve(0, key.withTasksAtOnce(1))).isInstanceOf(Refused.class);
        asking().settle(running, 0);
        Await.until(
                "the other is free too",
                Asking.LIMIT,
                () -> asking.reserve(0, key.withTasksAtOnce(1)) instanceof Held);
    }

    @Test
    void accountsAndSubjectsDoNotMix() {
        var limited = Subject.of("key:{ü} 模型").withTokensPerMinute(100).withTasksAtOnce(1);
        asking().held(100, limited);

        assertThat(asking().reserve(100, key.withTokensPerMinute(100))).isInstanceOf(Held.class);
        var other = new Asking(asking().store(), UUID.randomUUID());
        assertThat(other.reserve(100, limited)).isInstanceOf(Held.class);
        assertThat(asking().reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void whoHasNoLimitHoldsWhatHeWants() {
        for (var i = 0; i < 10; i++) {
            assertThat(asking().reserve(Long.MAX_VALUE, key, user)).isEqualTo(new Held(List.of()));
        }
        assertThat(asking().reserve(5)).isEqualTo(new Held(List.of()));
    }

    @Test
    void aLimitThatComesLaterCountsWhatRuns() {
        asking().held(0, key);
        asking().held(0, key);

        assertThat(asking().reserve(0, key.withTasksAtOnce(2))).isInstanceOf(Refused.class);
        assertThat(asking().reserve(0, key.withTasksAtOnce(3))).isInstanceOf(Held.class);
    }

    @Test
    void theLargestLimitsAreCountedExactly() {
        var limited =
                key.withTokensPerMinute(Subject.MOST_TOKENS).withTasksAtOnce(Subject.MOST_TASKS);

        var held = (Held) asking().reserve(Subject.MOST_TOKENS, limited);

        assertThat(held.tokens())
                .containsExactly(new Standing("key:a", Subject.MOST_TOKENS, 0, MINUTE));
    }

    @Test
    void fourNodesNeverRunMoreThanTheLimitAtOnce() throws Exception {
        var nodes = Stream.generate(this::asking).limit(4).toList();
        var limited = key.withTasksAtOnce(5);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        inParallel(
                nodes,
                node -> {
                    for (var i = 0; i < 100; i++) {
                        var ask = node.ask(0, limited, user);
                        if (node.reserve(ask) instanceof Held) {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            Thread.yield();
                            running.decrementAndGet();
                            node.settle(ask, 0);
                        }
                    }
                });
        assertThat(most.get()).isBetween(1, 5);
        for (var i = 0; i < 5; i++) {
            asking().held(0, limited);
        }
        assertThat(asking().reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void fourNodesHoldNoMoreTokensThanTheLimitAndItsTime() throws Exception {
        var nodes = Stream.generate(this::asking).limit(4).toList();
        var limited = key.withTokensPerMinute(6_000);
        var held = new AtomicLong();
        var start = System.nanoTime();
        inParallel(
                nodes,
                node -> {
                    for (var i = 0; i < 100; i++) {
                        held.addAndGet(node.reserve(50, limited) instanceof Held ? 50 : 0);
                    }
                });
        var passed = Duration.ofNanos(System.nanoTime() - start).toMillis() + 1;
        assertThat(held.get()).isBetween(6_000L, 6_000 + passed / 10);
    }

    private interface Work {
        void on(Asking node);
    }

    private static void inParallel(List<Asking> nodes, Work work) throws Exception {
        var all = new ArrayList<Callable<Void>>();
        for (var i = 0; i < 16; i++) {
            var node = nodes.get(i % nodes.size());
            all.add(
                    () -> {
                        work.on(node);
                        return null;
                    });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(all)) {
                done.get();
            }
        }
    }
}
