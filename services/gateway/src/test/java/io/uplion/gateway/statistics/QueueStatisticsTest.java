// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Gauge;
import io.uplion.counters.BreakableState;
import io.uplion.counters.SharedStateException;
import io.uplion.gateway.statistics.Fleet.Member;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.TopicState;
import io.uplion.queue.TopicState.Ledger;
import io.uplion.queue.TopicState.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueStatisticsTest {
    private static final TopicState BUSY =
            new TopicState(
                    12,
                    4,
                    5,
                    100,
                    new Reading(2, 7, 9, List.of(new Ledger(7, 20), new Ledger(8, 3))));

    private final Fleet.Time time = new Fleet.Time();
    private final BreakableState store = new BreakableState(time::nanoTime);
    private final Member one = new Member(store, time);
    private final Member other = new Member(store, time);
    private final QueueStatistics first = gateway("first", one);
    private final QueueStatistics second = gateway("second", other);

    private QueueStatistics gateway(String name, Member member) {
        return new QueueStatistics(name, member.ports, time::nanoTime);
    }

    private void pass(int millis) {
        time.pass(Duration.ofMillis(millis));
    }

    private static void round(QueueStatistics gateway) {
        gateway.pollRound();
        gateway.round();
    }

    /// Both gateways do their rounds; the first of them first.
    private void seconds(int count) {
        for (var i = 0; i < count; i++) {
            pass(1000);
            round(first);
            round(second);
        }
    }

    @Test
    void whatNobodyHasToldIsNotKnown() {
        seconds(1);
        one.source.topic("gone", BUSY);
        seconds(3);

        assertThat(first.of("a")).isEmpty();
        assertThat(first.of("gone")).as("no model of the catalog").isEmpty();
        assertThat(one.source.asked()).containsExactly("a");
    }

    @Test
    void oneGatewayPollsAndAllKnow() {
        one.source.topic("a", BUSY);
        seconds(1);

        for (var gateway : List.of(first, second)) {
            var queue = gateway.of("a").orElseThrow();
            assertThat(queue.waiting()).isEqualTo(8);
            assertThat(queue.running()).isEqualTo(4);
            assertThat(queue.consumers()).isEqualTo(5);
            assertThat(gateway.topic("a")).contains(BUSY);
        }
        seconds(20);
        assertThat(one.source.polls()).isBetween(10, 11);
        assertThat(other.source.polls()).isZero();
    }

    @Test
    void whatIsToldIsAsOldAsItsPollAndIsForgottenAfterTenSeconds() {
        one.source.topic("a", BUSY);
        seconds(1);
        pass(700);
        assertThat(second.of("a").orElseThrow().age()).isEqualTo(Duration.ofMillis(700));
        pass(9300);
        assertThat(second.of("a")).isPresent();
        pass(1);
        assertThat(second.of("a")).isEmpty();
    }

    /// BUSY has eight that wait and four that run.
    @Test
    void everyGatewayShowsWhatWaitsAndRunsOfEachModel() {
        one.source.topic("a", BUSY);
        seconds(1);

        for (var member : List.of(one, other)) {
            assertThat(shown(member, "waiting")).containsExactly(8.0);
            assertThat(shown(member, "running")).containsExactly(4.0);
        }
        one.source.topic("a", new TopicState(1, 1, 5, 111));
        seconds(2);
        assertThat(shown(other, "waiting")).containsExactly(0.0);
        assertThat(shown(other, "running")).containsExactly(1.0);
    }

    @Test
    void whatIsNotKnownIsNotShownAsNobodyWaiting() {
        one.source.topic("a", BUSY);
        seconds(1);
        store.goDown();
        pass(10_001);
        assertThat(shown(other, "waiting")).containsExactly(Double.NaN);

        store.comeBackEmpty();
        one.catalog.remove("a");
        seconds(12);
        assertThat(shown(other, "waiting")).as("the model is gone").isEmpty();
    }

    private static List<Double> shown(Member member, String state) {
        return member
                .meters
                .find("uplion.queue.tasks")
                .tag("model", "a")
                .tag("state", state)
                .gauges()
                .stream()
                .map(Gauge::value)
                .toList();
    }

    @Test
    void aPollWithTheSameCountsIsNewsAllTheSame() {
        one.source.topic("a", BUSY);
        seconds(30);

        assertThat(second.of("a").orElseThrow().age()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void theRateIsThatOfTheLastHalfMinute() {
        for (var second = 0; second < 60; second++) {
            one.source.topic("a", new TopicState(50, 4, 4, 1000 + second * 3L));
            seconds(1);
        }

        assertThat(first.of("a").orElseThrow().drainPerSecond()).isEqualTo(3, within(0.01));
        assertThat(second.of("a").orElseThrow().drainPerSecond()).isEqualTo(3, within(0.01));
    }

    @Test
    void whoTakesOverKnowsTheRate() {
        for (var second = 0; second < 30; second++) {
            one.source.topic("a", new TopicState(50, 4, 4, 1000 + second * 3L));
            seconds(1);
        }
        first.close();
        other.source.topic("a", new TopicState(50, 4, 4, 1090));
        pass(1000);
        round(second);

        assertThat(other.source.polls()).isOne();
        assertThat(second.of("a").orElseThrow().drainPerSecond()).isEqualTo(3, within(0.2));
    }

    @Test
    void aHolderThatDiesIsReplacedWithinSixSeconds() {
        one.source.topic("a", BUSY);
        other.source.topic("a", new TopicState(77, 0, 0, 0));
        seconds(2);

        for (var i = 1; i <= 6; i++) {
            pass(1000);
            round(second);
            assertThat(second.of("a")).as("known all the time").isPresent();
            if (i < 5) {
                assertThat(other.source.polls()).as("the lease is the dead one's").isZero();
            }
        }

        assertThat(second.of("a").orElseThrow().waiting()).isEqualTo(77);
    }

    @Test
    void aHolderThatClosesIsReplacedWithTheNextRound() {
        one.source.topic("a", BUSY);
        seconds(1);
        first.close();

        pass(1000);
        round(second);

        assertThat(other.source.polls()).isOne();
    }

    @Test
    void aHolderWhoseBrokerIsAwayLeavesThePollToOthers() {
        one.source.goDown();
        other.source.topic("a", BUSY);
        pass(1000);
        assertThatThrownBy(first::pollRound).isInstanceOf(QueueException.class);
        first.round();
        round(second);
        assertThat(other.source.polls()).isOne();

        seconds(10);
        assertThat(one.source.polls()).as("the other holds the lease").isOne();
        assertThat(first.of("a").orElseThrow().topic()).isEqualTo(BUSY);
    }

    @Test
    void aPollThatOutlastsItsLeaseIsNotTold() {
        one.source.topic("a", new TopicState(1, 0, 0, 0));
        other.source.topic("a", BUSY);
        one.source.meanwhile(
                () -> {
                    pass(5000);
                    second.pollRound();
                });
        first.pollRound();
        round(second);

        assertThat(second.of("a").orElseThrow().topic()).isEqualTo(BUSY);
    }

    @Test
    void whatIsHeldElsewhereIsSummed() {
        var third = gateway("third", new Member(store, time));
        one.source.topic("a", BUSY);
        one.held.put("a", 3);
        other.held.put("a", 4);
        other.held.put("b", 9);
        seconds(2);
        third.round();
        seconds(1);

        assertThat(first.of("a").orElseThrow().heldElsewhere()).isEqualTo(4);
        assertThat(second.of("a").orElseThrow().heldElsewhere()).isEqualTo(3);
        third.round();
        assertThat(third.of("a").orElseThrow().heldElsewhere()).isEqualTo(7);
    }

    @Test
    void gatewaysThatComeAndGoAgreeOnTheirTurns() {
        assertThat(first.turn()).as("before anybody has spoken").isEqualTo(new Turn(0, 1));
        first.round();
        assertThat(first.turn()).isEqualTo(new Turn(0, 1));
        seconds(2);
        assertThat(first.turn()).isEqualTo(new Turn(0, 2));
        assertThat(second.turn()).isEqualTo(new Turn(1, 2));

        var between = gateway("ready", new Member(store, time));
        between.round();
        seconds(1);
        assertThat(first.turn()).isEqualTo(new Turn(0, 3));
        assertThat(between.turn()).isEqualTo(new Turn(1, 3));
        assertThat(second.turn()).isEqualTo(new Turn(2, 3));

        first.close();
        between.round();
        second.round();
        assertThat(between.turn()).as("one closed").isEqualTo(new Turn(0, 2));
        assertThat(second.turn()).isEqualTo(new Turn(1, 2));

        pass(6000);
        second.round();
        assertThat(second.turn()).as("one died").isEqualTo(new Turn(0, 1));
    }

    @Test
    void gatewayKeepsItsTurnWhileTheStoreIsAway() {
        seconds(2);
        store.goDown();
        assertThatThrownBy(second::round).isInstanceOf(SharedStateException.class);

        assertThat(second.turn()).isEqualTo(new Turn(1, 2));
    }

    @Test
    void whatADeadGatewayHeldIsForgotten() {
        one.source.topic("a", BUSY);
        other.held.put("a", 4);
        seconds(2);

        for (var i = 0; i < 6; i++) {
            pass(1000);
            round(first);
        }

        assertThat(first.of("a").orElseThrow().heldElsewhere()).isZero();
    }

    @Test
    void whatAClosedGatewayHeldIsForgottenAtOnce() {
        one.source.topic("a", BUSY);
        other.held.put("a", 4);
        seconds(2);
        second.close();

        first.round();

        assertThat(first.of("a").orElseThrow().heldElsewhere()).isZero();
    }

    @Test
    void aStoreThatIsAwayIsBridgedForTenSeconds() {
        one.source.topic("a", BUSY);
        seconds(1);
        store.goDown();
        pass(9000);
        assertThatThrownBy(second::round).isInstanceOf(SharedStateException.class);
        assertThat(second.of("a")).isPresent();
        pass(2000);
        assertThat(second.of("a")).isEmpty();
        second.close();

        store.comeBackEmpty();
        pass(1000);
        round(first);
        assertThat(first.of("a")).isPresent();
    }

    @Test
    void aStoreThatHasForgottenTakesNothingAway() {
        one.source.topic("a", BUSY);
        seconds(1);
        store.comeBackEmpty();

        second.round();

        assertThat(second.of("a")).isPresent();
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        one.source.topic("a", BUSY);
        seconds(1);
        for (var text :
                List.of(
                        "",
                        "null",
                        "{}",
                        "[]",
                        "{\"topic\":7}",
                        "{\"topic\":{\"backlog\":3}}",
                        "x")) {
            store.put(StatisticsPoll.TABLE, "a", text, Duration.ofSeconds(10));
            store.put(StatisticsPoll.TABLE, "b", text, Duration.ofSeconds(10));
            store.put(QueueStatistics.HELD, "x", text, Duration.ofSeconds(10));
            first.round();
            assertThat(first.of("a").orElseThrow().topic()).isEqualTo(BUSY);
            assertThat(first.of("a").orElseThrow().heldElsewhere()).isZero();
            assertThat(first.of("b")).isEmpty();
        }
    }

    @Test
    void whatANewerVersionSaysBesidesIsPassedOver() {
        one.source.topic("a", BUSY);
        seconds(1);
        var newer = store.all(StatisticsPoll.TABLE).get("a").replace("{", "{\"later\":[1],");
        store.put(StatisticsPoll.TABLE, "b", newer, Duration.ofSeconds(10));
        first.round();

        assertThat(first.topic("b")).contains(BUSY);
    }
}
