// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.List;

/// Which tasks hold money though nobody renews them.
public sealed interface Overdue {

    record Found(List<Expired> tasks) implements Overdue {
        public Found {
            tasks = List.copyOf(tasks);
        }
    }

    /// The store is away.
    record Unknown(String why) implements Overdue {}
}
