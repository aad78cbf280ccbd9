// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What may be spent in a time.
///
/// @param period which time: a line of text, another for each; what is spent is counted for it
/// @param nanos billionths of the currency
public record Budget(String period, long nanos) {
    /// Enough for everybody, and far from where numbers end.
    public static final long MOST = 1_000_000_000_000_000_000L;

    public Budget {
        if (period.isEmpty() || period.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a period must be a line of text");
        }
        if (nanos < 0 || nanos > MOST) {
            throw new IllegalArgumentException("a budget of " + nanos);
        }
    }
}
