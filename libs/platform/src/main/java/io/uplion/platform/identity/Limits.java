// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import java.util.Optional;

/// What a key, a user or an account may use at most. Nothing where there is no limit.
///
/// @param rpm requests a minute
/// @param tpm tokens a minute
/// @param concurrent tasks at once
/// @param budget money
public record Limits(
        Optional<Long> rpm,
        Optional<Long> tpm,
        Optional<Integer> concurrent,
        Optional<Budget> budget) {

    public static final Limits NONE =
            new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public boolean isEmpty() {
        return equals(NONE);
    }

    /// @param nanos of the platform's one currency: 1 000 000 000 of them are one unit
    /// @param period after which it begins anew
    public record Budget(long nanos, Period period) {}

    public enum Period {
        DAY,
        MONTH,
        /// Once and for all.
        TOTAL
    }
}
