// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// What became of running tasks.
public sealed interface Renewed {

    /// All are held for another lease but these.
    ///
    /// @param over tasks that have been settled or freed; they hold nothing and must not go on
    record Done(Set<UUID> over) implements Renewed {
        public Done {
            over = Set.copyOf(over);
        }
    }

    /// The store is away: some may not have been renewed.
    record Unknown(String why) implements Renewed {}

    /// Both together.
    default Renewed and(Renewed other) {
        return switch (this) {
            case Unknown unknown -> unknown;
            case Done(Set<UUID> over) ->
                    switch (other) {
                        case Unknown unknown -> unknown;
                        case Done(Set<UUID> more) -> {
                            Set<UUID> all = new HashSet<>(over);
                            all.addAll(more);
                            yield new Done(all);
                        }
                    };
        };
    }
}
