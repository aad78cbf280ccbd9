// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import java.time.Duration;
import java.util.stream.LongStream;

/// Ranks of measured times.
public final class Quantile {
    private Quantile() {}

    /// The smallest of the values that so large a share of them does not exceed.
    ///
    /// @param share from 0 to 1
    /// @throws IllegalArgumentException if there are none
    public static Duration of(double share, LongStream nanos) {
        long[] sorted = nanos.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("Nothing was measured");
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return Duration.ofNanos(sorted[Math.clamp(rank, 1, sorted.length) - 1]);
    }
}
