// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What has been billed, as the ledger says.
///
/// @param nanos all of the period
/// @param version of the ledger; what is newer stands
public record Spent(long nanos, long version) {
    /// Whole numbers of a store end here.
    private static final long LAST_VERSION = 1L << 53;

    public Spent {
        if (version < 0 || version > LAST_VERSION) {
            throw new IllegalArgumentException("a version of " + version);
        }
        if (nanos < 0) {
            throw new IllegalArgumentException(nanos + " were spent");
        }
    }
}
