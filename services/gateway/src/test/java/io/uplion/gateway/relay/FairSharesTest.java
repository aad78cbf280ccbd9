// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.relay.FairShares.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FairSharesTest {
    private static final UUID GREEDY = new UUID(0, 1);
    private static final UUID MODEST = new UUID(0, 2);

    private final FairShares shares = new FairShares();

    /// What stands in the queue, first in first out, as a worker would find it.
    private final Deque<Entry> queue = new ArrayDeque<>();

    private final class Entry {
        final UUID owner;
        final Share share;

        Entry(UUID owner) {
            this.owner = owner;
            this.share = shares.of("m", owner, () -> queue.addLast(this));
            if (share.enter()) {
                queue.addLast(this);
            }
        }
    }

    private List<Entry> enter(UUID owner, int tasks) {
        var entered = new ArrayList<Entry>();
        for (int i = 0; i < tasks; i++) {
            entered.add(new Entry(owner));
        }
        return entered;
    }

    @Test
    void taskOfAnotherKeyDoesNotStandBehindFiveHundred() {
        enter(GREEDY, 500);
        var single = enter(MODEST, 1).getFirst();

        assertThat(new ArrayList<>(queue).indexOf(single)).isLessThanOrEqualTo(4);
        assertThat(shares.held("m")).isEqualTo(496);
        assertThat(shares.held()).isEqualTo(Map.of("m", 496));
    }

    @Test
    void keyAloneKeepsEverySlotBusy() {
        int slots = 64;
        enter(GREEDY, 500);
        var running = new ArrayDeque<Entry>();

        int rounds = 0;
        while (running.size() < slots) {
            // A worker takes what is there, up to its slots; that makes room for more.
            for (int n = queue.size(); n > 0 && running.size() < slots; n--) {
                var next = queue.removeFirst();
                next.share.granted();
                running.add(next);
            }
            rounds++;
        }

        assertThat(rounds).as("the window doubles").isLessThanOrEqualTo(5);
        assertThat(queue).as("the next task is there when a slot frees itself").isNotEmpty();
    }

    @Test
    void everyTaskHasItsTurnInTheOrderOfItsKey() {
        var entered = enter(GREEDY, 100);
        var served = new ArrayList<Entry>();
        while (!queue.isEmpty()) {
            var next = queue.removeFirst();
            next.share.granted();
            served.add(next);
            next.share.end();
        }

        assertThat(served).isEqualTo(entered);
        assertThat(shares.held("m")).isZero();
    }

    @Test
    void taskThatIsHeldKnowsItsPlaceAndOneThatIsPublishedHasNone() {
        var entered = enter(GREEDY, 7);

        assertThat(entered.get(3).share.heldBefore()).isEmpty();
        assertThat(entered.get(4).share.heldBefore()).isEqualTo(OptionalInt.of(0));
        assertThat(entered.get(6).share.heldBefore()).isEqualTo(OptionalInt.of(2));
        entered.get(5).share.end();
        assertThat(entered.get(6).share.heldBefore()).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void taskThatFailedIsInTheQueueAgainAndKeepsItsPlaceThere() {
        var entered = enter(GREEDY, 6);
        entered.get(0).share.granted();
        assertThat(entered.get(4).share.heldBefore()).as("the next one moved up").isEmpty();

        entered.get(0).share.waitsAgain();
        entered.get(1).share.granted();

        assertThat(entered.get(5).share.heldBefore()).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void endedTaskIsNeverPublished() {
        var entered = enter(GREEDY, 5);
        entered.get(4).share.end();
        entered.get(0).share.granted();
        entered.get(0).share.end();

        assertThat(queue).doesNotContain(entered.get(4));
        assertThat(shares.held("m")).isZero();
    }

    /// Whatever happens in whatever order, each task is published at most once, and when all of
    /// them have ended nothing is counted any more.
    @Property(tries = 20)
    void threadsLeaveNothingBehind(@ForAll @IntRange(min = 1, max = 6) int keys)
            throws InterruptedException {
        var fair = new FairShares();
        int tasks = 200;
        Map<Integer, AtomicInteger> published = new ConcurrentHashMap<>();
        var done = new CountDownLatch(tasks);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < tasks; i++) {
                int task = i;
                threads.execute(() -> oneTask(fair, new UUID(9, task % keys), task, published));
                done.countDown();
            }
        }
        done.await();

        assertThat(published.values()).allMatch(times -> times.get() <= 1);
        assertThat(fair.held()).isEmpty();
        var fresh = fair.of("m", GREEDY, () -> {});
        for (int i = 0; i < 4; i++) {
            assertThat(fair.of("m", GREEDY, () -> {}).enter()).as("the window is free").isTrue();
        }
        assertThat(fresh.enter()).isFalse();
    }

    private static void oneTask(
            FairShares fair, UUID key, int task, Map<Integer, AtomicInteger> published) {
        Runnable publish =
                () -> published.computeIfAbsent(task, _ -> new AtomicInteger()).incrementAndGet();
        var share = fair.of("m", key, publish);
        if (share.enter()) {
            publish.run();
        }
        Random random = ThreadLocalRandom.current();
        if (random.nextInt(3) > 0 && share.heldBefore().isEmpty()) {
            share.granted();
            if (random.nextBoolean()) {
                share.waitsAgain();
            }
        }
        share.end();
    }
}
