// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.Set;
import java.util.UUID;

/// Which accounts have tasks that are not over.
public sealed interface Holders {

    record Found(Set<UUID> accounts) implements Holders {
        public Found {
            accounts = Set.copyOf(accounts);
        }
    }

    /// The store is away.
    record Unknown(String why) implements Holders {}
}
