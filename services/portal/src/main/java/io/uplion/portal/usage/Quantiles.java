// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.usage;

import java.util.Arrays;

/// What half and what most of a number of answers took, in milliseconds, from counts in buckets of
/// which the i-th ends at 2^(i/2) ms. Off by a fifth at most.
///
/// @param count of answers
public record Quantiles(long count, double p50, double p95) {

    static Quantiles of(long[] buckets) {
        long count = Arrays.stream(buckets).sum();
        return new Quantiles(
                count, quantile(buckets, count * 0.5), quantile(buckets, count * 0.95));
    }

    /// @param rank how many are at most so long
    private static double quantile(long[] buckets, double rank) {
        double seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            if (buckets[i] > 0 && seen + buckets[i] >= rank) {
                double begin = i == 0 ? 0 : end(i - 1);
                // Within a bucket they are taken to lie evenly.
                return begin + (end(i) - begin) * (rank - seen) / buckets[i];
            }
            seen += buckets[i];
        }
        return 0;
    }

    private static double end(int bucket) {
        return Math.pow(2, bucket / 2.0);
    }
}
