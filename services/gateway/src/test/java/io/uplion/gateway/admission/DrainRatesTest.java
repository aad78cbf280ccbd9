// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainRatesTest {
    private long now = 1_000;
    private final Map<String, Share> shared = new HashMap<>();
    private final DrainRates rates =
            new DrainRates(() -> now, model -> shared.getOrDefault(model, Share.ALONE));

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /// One task each time, evenly.
    private void drain(int tasks, Duration each) {
        for (int i = 0; i < tasks; i++) {
            pass(each);
            rates.left("m");
        }
    }

    @Test
    void speedThatIsNotKnownMeansFiveSeconds() {
        assertThat(rates.untilFewer("m", 100, 100)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void timeIsWhatMustLeaveByTheSpeed() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));

        // 101 in 10 s, a tenth longer, and half a second.
        assertThat(rates.untilFewer("m", 109, 100).toMillis()).isBetween(1550L, 1600L);
        assertThat(rates.untilFewer("m", 129, 100).toMillis()).isBetween(3740L, 3800L);
    }

    @Test
    void onePlaceIsEnoughWhereTheQueueIsJustFull() {
        rates.left("m");
        drain(10, Duration.ofSeconds(2));

        // 11 in 20 s; one must leave.
        assertThat(rates.untilFewer("m", 100, 100).toMillis()).isBetween(2480L, 2520L);
    }

    @Test
    void neverLessThanASecondNorMoreThanTwoMinutes() {
        rates.left("m");
        drain(1000, Duration.ofMillis(10));

        assertThat(rates.untilFewer("m", 100, 100)).isEqualTo(Duration.ofSeconds(1));
        assertThat(rates.untilFewer("m", 1_000_000, 100)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void onlyTheLastHalfMinuteCounts() {
        rates.left("m");
        drain(1000, Duration.ofMillis(10));
        pass(Duration.ofSeconds(60));

        assertThat(rates.untilFewer("m", 100, 100))
                .as("it was silent for a minute")
                .isEqualTo(Duration.ofSeconds(60));
        drain(30, Duration.ofSeconds(1));
        assertThat(rates.untilFewer("m", 109, 100).toMillis()).isBetween(10_900L, 13_800L);
    }

    @Test
    void longSilenceInBetweenLeavesNothingStale() {
        for (int round = 0; round < 50; round++) {
            pass(Duration.ofSeconds(31));
            rates.left("m");
        }

        // One in the last half minute.
        assertThat(rates.untilFewer("m", 100, 100).toMillis()).isBetween(32_000L, 35_000L);
    }

    @Test
    void fewTasksInTheFirstMomentPromiseNoSpeed() {
        rates.left("m");
        rates.left("m");
        pass(Duration.ofMillis(5));

        assertThat(rates.untilFewer("m", 100, 100).toMillis()).isBetween(2_100L, 2_200L);
    }

    @Test
    void eachWhoIsRefusedIsToldAnotherPlace() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));

        var first = rates.untilFewer("m", 119, 100);
        var second = rates.untilFewer("m", 119, 100);
        var third = rates.untilFewer("m", 119, 100);

        assertThat(second.minus(first).toMillis()).isBetween(108L, 112L);
        assertThat(third.minus(second).toMillis()).isBetween(108L, 112L);
    }

    @Test
    void placesThatPassedAreNotWaitedFor() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));
        for (int i = 0; i < 50; i++) {
            rates.untilFewer("m", 119, 100);
        }
        drain(300, Duration.ofMillis(100));

        assertThat(rates.untilFewer("m", 119, 100).toMillis()).isBetween(2_650L, 3_100L);
    }

    @Test
    void whatAllGatewaysKnowWinsOverWhatOneHasSeen() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));
        shared.put("m", new Share(1, 1, 0, Duration.ofSeconds(3)));

        assertThat(rates.untilFewer("m", 109, 100)).isEqualTo(Duration.ofMillis(14_500));
    }

    @Test
    void whatOneHasSeenItselfIsAsOldAsWhatItKnowsOfTheQueue() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));
        shared.put("m", new Share(0, 2, 1, Duration.ofSeconds(3)));

        // 101 in 10 s, a tenth longer, half a second, and three.
        assertThat(rates.untilFewer("m", 109, 100).toMillis()).isBetween(4550L, 4600L);
    }

    @Test
    void modelsDoNotMeet() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));

        assertThat(rates.untilFewer("n", 129, 100)).isEqualTo(Duration.ofSeconds(5));
        rates.forget("m");
        assertThat(rates.untilFewer("m", 129, 100)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whoWaitedInVainComesWhenItsTurnComesInTime() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));

        // 10 a second: 50 are served in 5 s, so 101 of 150 must leave; 10 s, a tenth longer.
        assertThat(rates.untilInTime("m", 150, Duration.ofSeconds(5)).toMillis())
                .isBetween(11_400L, 11_700L);
        assertThat(rates.untilInTime("n", 0, Duration.ofMillis(100)))
                .as("nothing is known")
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whoWaitedWhileNothingLeftWaitsAsLongAgain() {
        assertThat(rates.untilInTime("m", 3, Duration.ofSeconds(50)))
                .isEqualTo(Duration.ofSeconds(50));
        assertThat(rates.untilInTime("m", 3, Duration.ofMinutes(10)))
                .isEqualTo(Duration.ofMinutes(2));
    }
}
