// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Answer.Found;
import io.uplion.store.key.KeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The keys that worked in the last seconds.
///
/// Entries live so short that order of use does not matter: when the map is full, what is stale
/// goes, and if nothing is, everything goes and the next requests ask again.
final class AllowedKeys {

    private record Entry(Found found, Instant from, Instant until) {}

    private final ConcurrentMap<KeyHash, Entry> entries = new ConcurrentHashMap<>();
    private final Duration life;
    private final int bound;

    AllowedKeys(Duration life, int bound) {
        this.life = life;
        this.bound = bound;
    }

    Optional<Found> find(KeyHash hash, Instant now) {
        return Optional.ofNullable(entries.get(hash))
                .filter(entry -> fresh(entry, now))
                .map(Entry::found);
    }

    /// Whether it worked not long ago. It says nothing of whether it still is.
    boolean knows(KeyHash hash) {
        return entries.containsKey(hash);
    }

    void forget(KeyHash hash) {
        entries.remove(hash);
    }

    void remember(KeyHash hash, Found found, Instant asked) {
        Instant until = asked.plus(life);
        if (entries.size() >= bound) {
            makeRoom(asked);
        }
        entries.put(hash, new Entry(found, asked, until));
    }

    int size() {
        return entries.size();
    }

    private synchronized void makeRoom(Instant now) {
        if (entries.size() < bound) {
            return;
        }
        entries.values().removeIf(entry -> !fresh(entry, now));
        if (entries.size() >= bound) {
            entries.clear();
        }
    }

    /// A clock that was set back must not prolong a life: before its beginning an entry is stale
    /// too.
    private static boolean fresh(Entry entry, Instant now) {
        return now.isBefore(entry.until()) && !now.isBefore(entry.from());
    }
}
