// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/// The floors that processes share, and a cache whose values are held to them. One contract test
/// holds every adapter.
///
/// Every call blocks, for a second at most, and throws `SharedStateException` when the store cannot
/// be reached.
public interface Floors extends AutoCloseable {
    /// A floor lives so long, from when it was raised last.
    Duration LIFE = Duration.ofMinutes(70);

    /// A kept value lives so long, however often it is read.
    Duration KEPT = Duration.ofMinutes(70);

    /// One word for the store as it is, and another one after it has begun anew.
    String incarnation();

    /// Raises floors; none is ever lowered, in whatever order they come.
    void raise(Collection<Floor> floors);

    /// Says that every change up to now is here. Holds for a store that is still the same.
    ///
    /// @param incarnation of the store that was filled
    void vouch(String incarnation, Duration life);

    Reading read(Reading.Mark since);

    /// Puts values where there are no newer ones.
    void keep(Collection<Kept> values);

    /// @return the texts of those that are there, by name
    Map<String, String> kept(Set<String> names);

    @Override
    void close();
}
