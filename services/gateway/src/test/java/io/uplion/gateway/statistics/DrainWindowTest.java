// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DrainWindowTest {
    private static final long START = 1_700_000_000_000L;

    private final DrainWindow window = new DrainWindow();

    private void add(int seconds, long acknowledged) {
        window.add(START + seconds * 1000L, acknowledged);
    }

    @Test
    void oneCountSaysNothing() {
        assertThat(window.perSecond()).isZero();
        add(0, 500);
        assertThat(window.perSecond()).isZero();
    }

    @Test
    void twoCountsAreARate() {
        add(0, 500);
        add(2, 507);

        assertThat(window.perSecond()).isEqualTo(3.5, within(1e-9));
    }

    @Test
    void onlyTheLastHalfMinuteCounts() {
        for (var second = 0; second <= 120; second += 2) {
            add(second, second <= 60 ? second * 100L : 6000 + (second - 60) * 4L);
        }

        assertThat(window.perSecond()).isEqualTo(4, within(1e-9));
    }

    @Test
    void aCountThatBeginsAnewBeginsTheWindowAnew() {
        add(0, 500);
        add(2, 600);
        add(4, -3);
        assertThat(window.perSecond()).isZero();

        add(6, 7);
        assertThat(window.perSecond()).isEqualTo(5, within(1e-9));
    }

    @Test
    void aClockThatGoesBackBeginsTheWindowAnew() {
        add(10, 500);
        add(10, 600);
        assertThat(window.perSecond()).isZero();
        add(8, 700);
        assertThat(window.perSecond()).isZero();

        add(9, 702);
        assertThat(window.perSecond()).isEqualTo(2, within(1e-9));
    }

    @Test
    void aLongSilenceBeginsTheWindowAnew() {
        add(0, 0);
        add(3600, 1_000_000);

        assertThat(window.perSecond()).isZero();
    }
}
