// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import java.time.Duration;
import java.util.Map;

/// Small facts that processes share, in tables of fields that run out. One contract test holds
/// every adapter.
///
/// Every call blocks, for a second at most: it is meant for a thread that does a round each second,
/// never for an event loop. What runs out does so by the clock of the store, so processes need not
/// agree on the time.
public interface SharedState extends AutoCloseable {

    /// Sets fields, all at once: nobody sees a part of them.
    ///
    /// @param ttl after this nobody sees them any more; at least 1 ms
    /// @throws SharedStateException when the store cannot be reached; the fields may be set or not
    void putAll(String table, Map<String, String> fields, Duration ttl);

    /// Sets one field.
    ///
    /// @throws SharedStateException when the store cannot be reached
    default void put(String table, String field, String value, Duration ttl) {
        putAll(table, Map.of(field, value), ttl);
    }

    /// Takes a field away; does nothing where there is none.
    ///
    /// @throws SharedStateException when the store cannot be reached
    void remove(String table, String field);

    /// The table as it is now, without what has run out. A table that nobody has put anything into
    /// is empty, and so is every table of a store that has just begun anew.
    ///
    /// @throws SharedStateException when the store cannot be reached
    Map<String, String> all(String table);

    /// Takes a lease, or renews it.
    ///
    /// @param owner one word for this process, that no other uses
    /// @param ttl the lease is free after this, unless it is renewed
    /// @return whether this owner has it now; at no time have two owners
    /// @throws SharedStateException when the store cannot be reached: then nobody knows
    boolean lease(String name, String owner, Duration ttl);

    /// Gives a lease back, so that the next owner need not wait; does nothing for one that another
    /// has.
    ///
    /// @throws SharedStateException when the store cannot be reached
    void release(String name, String owner);

    @Override
    void close();
}
