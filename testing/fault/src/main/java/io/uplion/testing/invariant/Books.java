// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What ledger and counters say.
///
/// @param ledger of the run's tasks
/// @param givenUp tasks whose money was freed before their usage came: they are charged nothing
/// @param held what counters still hold, each in words
/// @param differences between the books, each in words
public record Books(
        List<LedgerRow> ledger, Set<UUID> givenUp, List<String> held, List<String> differences) {

    public Books {
        ledger = List.copyOf(ledger);
        givenUp = Set.copyOf(givenUp);
        held = List.copyOf(held);
        differences = List.copyOf(differences);
    }
}
