// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateHeadersTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.000001S, 1ms",
        "PT0.12S, 120ms",
        "PT1S, 1s",
        "PT1.5S, 1.5s",
        "PT59.999S, 59.999s",
        "PT6M, 6m0s",
        "PT1H0M2.05S, 1h0m2.05s",
        "PT26H, 26h0m0s"
    })
    void resetsAreGoDurations(Duration duration, String printed) {
        assertThat(RateHeaders.goDuration(duration)).isEqualTo(printed);
    }

    @Test
    void headersAreThoseOfOpenAi() {
        var standing = new Standing("key:x", 600, 580, Duration.ofMillis(2000));
        assertThat(RateHeaders.of("tokens", standing))
                .containsOnly(
                        entry("x-ratelimit-limit-tokens", "600"),
                        entry("x-ratelimit-remaining-tokens", "580"),
                        entry("x-ratelimit-reset-tokens", "2s"));
    }
}
