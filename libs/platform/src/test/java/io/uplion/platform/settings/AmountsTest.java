// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms,PT0.25S",
        "15s,PT15S",
        "15,PT15S",
        "10m,PT10M",
        "1h,PT1H",
        "3 s,PT3S",
        "0,PT0S"
    })
    void timesAreRead(String text, Duration expected) {
        assertThat(Amounts.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1.5s", "1d", "1 hour", "1S", "9999999999999", "1s2"})
    void whatIsNoTimeIsSaidInWords(String text) {
        assertThatThrownBy(() -> Amounts.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("250ms");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "65536,65536",
        "7B,7",
        "512KiB,524288",
        "64MiB,67108864",
        "2 GiB,2147483648",
        "8589934591GiB,9223372035781033984",
    })
    void sizesAreRead(String text, long expected) {
        assertThat(Amounts.bytes(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "1MB", "1mib", "1TiB", "8589934592GiB"})
    void whatIsNoSizeIsSaidInWords(String text) {
        assertThatThrownBy(() -> Amounts.bytes(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be a size");
    }
}
