// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantileTest {
    private static Duration of(double share) {
        return Quantile.of(share, LongStream.iterate(100, n -> n > 0, n -> n - 1));
    }

    @Test
    void rankIsTheSmallestThatCoversTheShare() {
        assertThat(of(0)).isEqualTo(Duration.ofNanos(1));
        assertThat(of(0.5)).isEqualTo(Duration.ofNanos(50));
        assertThat(of(0.99)).isEqualTo(Duration.ofNanos(99));
        assertThat(of(0.991)).isEqualTo(Duration.ofNanos(100));
        assertThat(of(1)).isEqualTo(Duration.ofNanos(100));
    }

    @Test
    void nothingHasNoRanks() {
        assertThatThrownBy(() -> Quantile.of(0.5, LongStream.empty()))
                .hasMessageContaining("Nothing was measured");
    }
}
