// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every adapter of [SharedState] does.
public abstract class SharedStateContract {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private SharedState mine;
    private SharedState others;

    /// A client of the store that all tests of a class share.
    protected abstract SharedState client();

    /// A name that no other test has used.
    private final String table = "table-" + System.nanoTime();

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

    @Test
    void whatOnePutsAllSee() {
        mine.put(table, "a", "1", LONG);
        others.put(table, "b", "2", LONG);

        assertThat(mine.all(table)).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(others.all(table)).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void theLastValueStands() {
        mine.put(table, "a", "1", LONG);
        others.put(table, "a", "2", LONG);

        assertThat(mine.all(table)).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void aTableNobodyHasTouchedIsEmpty() {
        assertThat(mine.all(table)).isEmpty();
    }

    @Test
    void tablesDoNotMix() {
        mine.put(table, "a", "1", LONG);
        mine.put(table + "2", "a", "2", LONG);
        mine.remove(table + "2", "a");

        assertThat(mine.all(table)).isEqualTo(Map.of("a", "1"));
        assertThat(mine.all(table + "2")).isEmpty();
    }

    @Test
    void textComesBackAsItWas() {
        var texts = new HashMap<String, String>();
        texts.put("", "an empty name");
        texts.put("empty", "");
        texts.put("a name: with\nlines", " 17 \"quoted\"\r\n\tline\u0000 ");
        texts.put("größe/模型 🦙", "ü 模型 🦙");
        texts.put("large", "x".repeat(1 << 20));

        mine.putAll(table, texts, LONG);

        assertThat(others.all(table)).isEqualTo(texts);
    }

    @Test
    void manyFieldsAreOneTable() {
        var many = new HashMap<String, String>();
        for (var i = 0; i < 20_000; i++) {
            many.put("field-" + i, "value-" + i);
        }

        mine.putAll(table, many, LONG);

        assertThat(others.all(table)).isEqualTo(many);
    }

    @Test
    void nothingIsPutWhereNothingIsGiven() {
        mine.putAll(table, Map.of(), LONG);

        assertThat(others.all(table)).isEmpty();
    }

    @Test
    void removedIsGoneForAll() {
        mine.putAll(table, Map.of("a", "1", "b", "2"), LONG);
        others.remove(table, "a");
        others.remove(table, "never there");

        assertThat(mine.all(table)).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void aFieldRunsOutAndItsNeighboursStay() {
        mine.put(table, "short", "1", Duration.ofMillis(200));
        mine.put(table, "long", "2", LONG);
        assertThat(others.all(table)).containsKey("short");

        Await.until("the field runs out", LIMIT, () -> !others.all(table).containsKey("short"));
        assertThat(mine.all(table)).isEqualTo(Map.of("long", "2"));
    }

    @Test
    void aShortFieldDoesNotTakeALongOneAlong() {
        mine.put(table, "long", "2", LONG);
        mine.put(table, "short", "1", Duration.ofMillis(200));

        Await.until("the field runs out", LIMIT, () -> !others.all(table).containsKey("short"));
        assertThat(mine.all(table)).isEqualTo(Map.of("long", "2"));
    }

    @Test
    void puttingAgainBeginsTheTimeAnew() {
        mine.put(table, "a", "1", Duration.ofMillis(1));
        mine.put(table, "a", "2", LONG);
        mine.put(table, "b", "1", LONG);
        mine.put(table, "b", "2", Duration.ofMillis(200));

        Await.until("b runs out", LIMIT, () -> !others.all(table).containsKey("b"));
        assertThat(mine.all(table)).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void oneOwnerHasALease() {
        assertThat(mine.lease(table, "me", LONG)).isTrue();
        assertThat(others.lease(table, "you", LONG)).isFalse();
        assertThat(others.lease(table + "2", "you", LONG)).isTrue();
        assertThat(mine.lease(table, "me", LONG)).isTrue();
        assertThat(others.lease(table, "you", LONG)).isFalse();
    }

    @Test
    void aLeaseThatIsGivenBackIsFree() {
        mine.lease(table, "me", LONG);
        mine.release(table, "me");

        assertThat(others.lease(table, "you", LONG)).isTrue();
        assertThat(mine.lease(table, "me", LONG)).isFalse();
    }

    @Test
    void onlyItsOwnerGivesALeaseBack() {
        mine.lease(table, "me", LONG);
        others.release(table, "you");
        others.release("never taken", "you");

        assertThat(others.lease(table, "you", LONG)).isFalse();
    }

    @Test
    void aLeaseThatIsNotRenewedIsTaken() {
        mine.lease(table, "me", Duration.ofMillis(200));

        Await.until("another takes it", LIMIT, () -> others.lease(table, "you", LONG));
        assertThat(mine.lease(table, "me", LONG)).isFalse();
    }

    @Test
    void renewingALeaseBeginsItsTimeAnew() {
        mine.lease(table, "me", Duration.ofMillis(500));
        mine.lease(table, "me", LONG);
        mine.put(table, "clock", "", Duration.ofMillis(1000));

        Await.until("the first time is over", LIMIT, () -> mine.all(table).isEmpty());
        assertThat(others.lease(table, "you", LONG)).isFalse();
    }

    @Test
    void ofManyWhoAskAtOnceOneGetsTheLease() throws Exception {
        var racers = 8;
        var line = new CyclicBarrier(racers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < 20; round++) {
                var name = table + "-" + round;
                var asking = new ArrayList<Callable<Boolean>>();
                for (var i = 0; i < racers; i++) {
                    var client = i % 2 == 0 ? mine : others;
                    var owner = "owner-" + i;
                    asking.add(
                            () -> {
                                line.await();
                                return client.lease(name, owner, LONG);
                            });
                }
                var winners = 0;
                for (var answer : threads.invokeAll(asking)) {
                    winners += answer.get() ? 1 : 0;
                }
                assertThat(winners).isOne();
            }
        }
    }

    @Test
    void aTimeOfNothingIsRefused() {
        for (var ttl : List.of(Duration.ZERO, Duration.ofNanos(999), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> mine.put(table, "a", "1", ttl))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> mine.lease(table, "me", ttl))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsClosedSaysSo() {
        mine.close();

        assertThatThrownBy(() -> mine.all(table)).isInstanceOf(SharedStateException.class);
        assertThatThrownBy(() -> mine.put(table, "a", "1", LONG))
                .isInstanceOf(SharedStateException.class);
        assertThatThrownBy(() -> mine.lease(table, "me", LONG))
                .isInstanceOf(SharedStateException.class);
    }
}
