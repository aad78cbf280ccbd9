// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.time.Duration;
import java.util.Arrays;

/// How long things took, counted in buckets that are the same everywhere, so that sums of them mean
/// something. Bucket i ends at 2^(i/2) ms: an error of a fifth at most, from 1 ms to 50 minutes.
public final class Buckets {
    public static final int COUNT = 44;

    private static final long[] ENDS = ends();

    private final long[] counts = new long[COUNT];

    private static long[] ends() {
        long[] ends = new long[COUNT - 1];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = Math.round(Math.pow(2, i / 2.0));
        }
        return ends;
    }

    /// Milliseconds; nothing is longer than the last one is said to be.
    public static long end(int bucket) {
        return bucket < ENDS.length ? ENDS[bucket] : Long.MAX_VALUE;
    }

    static int of(Duration time) {
        long millis = time.toMillis();
        int found = Arrays.binarySearch(ENDS, millis);
        // The first of equal ends: 1 ms is rounded from two of them.
        int bucket = found < 0 ? -found - 1 : found;
        while (bucket > 0 && bucket < ENDS.length && ENDS[bucket - 1] == millis) {
            bucket--;
        }
        return bucket;
    }

    void add(Duration time) {
        counts[of(time)]++;
    }

    void add(Buckets more) {
        Arrays.setAll(counts, i -> counts[i] + more.counts[i]);
    }

    /// One for each bucket.
    long[] counts() {
        return counts.clone();
    }
}
