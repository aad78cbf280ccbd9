// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What became of a request that wanted in.
public sealed interface Taken {

    /// It is in, and counted in every bucket.
    ///
    /// @param standings of all buckets, in the order they were given
    record Let(List<Standing> standings) implements Taken {
        public Let {
            standings = List.copyOf(standings);
        }

        /// The limit that will be met first; nothing where there is no limit.
        public Optional<Standing> tightest() {
            return standings.stream().min(Comparator.comparingLong(Standing::remaining));
        }
    }

    /// It is not in, and counted nowhere.
    ///
    /// @param standing of the bucket that takes longest to let it in
    /// @param retryAfter then all buckets have room for it, if nobody asks meanwhile
    record Refused(Standing standing, Duration retryAfter) implements Taken {}

    /// The store is away. It may be counted or not.
    record Unknown(String why) implements Taken {}
}
