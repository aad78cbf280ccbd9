// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

/// A limit, and whose it is.
///
/// @param name for whom, within the account: `key:…`, `user:…`, `account`
/// @param perMinute how many requests in the long run
/// @param burst how many at once after a rest
public record Bucket(String name, long perMinute, long burst) {
    /// More than this cannot be counted exactly.
    public static final long MOST = 100_000_000;

    public Bucket {
        if (perMinute < 1 || perMinute > MOST) {
            throw new IllegalArgumentException("a limit of " + perMinute + " a minute");
        }
        if (burst < 1 || burst > MOST) {
            throw new IllegalArgumentException("a burst of " + burst);
        }
    }
}
