// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.Map;

/// What an account's counters say.
public sealed interface Books {

    /// Those that are open, or of which something is held.
    record Found(Map<Counter, Book> counters) implements Books {
        public Found {
            counters = Map.copyOf(counters);
        }
    }

    /// The store is away.
    record Unknown(String why) implements Books {}
}
