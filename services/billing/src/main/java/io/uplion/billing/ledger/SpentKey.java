// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.counters.reserve.Counter;
import java.util.Comparator;
import java.util.UUID;

/// One row of what is spent.
record SpentKey(UUID account, Counter counter) implements Comparable<SpentKey> {
    /// In which rows are locked, so that two writers never wait for each other in a circle.
    private static final Comparator<SpentKey> ORDER =
            Comparator.comparing(SpentKey::account)
                    .thenComparing(key -> key.counter().subject())
                    .thenComparing(key -> key.counter().period());

    @Override
    public int compareTo(SpentKey other) {
        return ORDER.compare(this, other);
    }
}
