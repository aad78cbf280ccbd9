// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainRatesTest {
    private long now = 1_000;
    private final DrainRates rates = new DrainRates(() -> now);

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

        // 101 in 10 s.
        assertThat(rates.untilFewer("m", 129, 100).toMillis()).isBetween(2950L, 2990L);
        assertThat(rates.untilFewer("m", 109, 100)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void onePlaceIsEnoughWhereTheQueueIsJustFull() {
        rates.left("m");
        drain(10, Duration.ofSeconds(2));

        // 11 in 20 s; one must leave.
        assertThat(rates.untilFewer("m", 100, 100).toMillis()).isBetween(1800L, 1830L);
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

        assertThat(rates.untilFewer("m", 100, 100)).isEqualTo(Duration.ofSeconds(5));
        drain(30, Duration.ofSeconds(1));
        assertThat(rates.untilFewer("m", 109, 100).toMillis()).isBetween(9_500L, 12_000L);
    }

    @Test
    void longSilenceInBetweenLeavesNothingStale() {
        for (int round = 0; round < 50; round++) {
            pass(Duration.ofSeconds(31));
            rates.left("m");
        }

        // One in the last half minute.
        assertThat(rates.untilFewer("m", 100, 100).toMillis()).isBetween(29_000L, 31_000L);
    }

    @Test
    void modelsDoNotMeet() {
        rates.left("m");
        drain(100, Duration.ofMillis(100));

        assertThat(rates.untilFewer("n", 129, 100)).isEqualTo(Duration.ofSeconds(5));
        rates.forget("m");
        assertThat(rates.untilFewer("m", 129, 100)).isEqualTo(Duration.ofSeconds(5));
    }
}
