// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final Throttle throttle = new Throttle(2, Duration.ofMinutes(5));

    @Test
    void someFailuresCostNothingThenEachCostsTwiceAsMuchUpToMinutes() {
        assertThat(throttle.delay(2)).isZero();
        assertThat(throttle.delay(3)).isEqualTo(Duration.ofSeconds(1));
        assertThat(throttle.delay(4)).isEqualTo(Duration.ofSeconds(2));
        assertThat(throttle.delay(10)).isEqualTo(Duration.ofSeconds(128));
        assertThat(throttle.delay(12)).isEqualTo(Duration.ofMinutes(5));
        assertThat(throttle.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(5));
    }
}
