// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerMillionTest {
    @ParameterizedTest
    @CsvSource({"0,0", "0.15,150", "0.150,150", "2,2000", "0.001,1", "1000000,1000000000"})
    void decimalsAreExact(String text, long nanos) {
        assertThat(PerMillion.nanos(text)).isEqualTo(nanos);
        assertThat(PerMillion.nanos(PerMillion.text(nanos))).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1e3", "1,5", "$2", "1000000.001", "0x1", " 1", "NaN", ".5"})
    void whatIsNoPriceIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> PerMillion.nanos(text)).hasMessageContaining("such as 0.15");
    }

    @Test
    void whatWouldBeRoundedIsRefused() {
        assertThatThrownBy(() -> PerMillion.nanos("0.0001")).hasMessageContaining("exactly");
    }

    @Test
    void zerosBehindThePointAreNotWritten() {
        assertThat(PerMillion.text(150)).isEqualTo("0.15");
        assertThat(PerMillion.text(20_000)).isEqualTo("20");
        assertThat(PerMillion.text(0)).isEqualTo("0");
    }
}
