// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.counters.SharedStateException;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.Kept;
import io.uplion.store.key.DatedKey;
import io.uplion.store.key.KeyHash;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cache beside the floors.
final class SharedKeyCache implements KeyCache {
    private static final Logger LOG = LoggerFactory.getLogger(SharedKeyCache.class);

    private final Floors floors;

    /// What cannot be put at once is left out: the next node that reads it puts it.
    private final Semaphore puts = new Semaphore(4);

    SharedKeyCache(Floors floors) {
        this.floors = floors;
    }

    @Override
    public Map<KeyHash, DatedKey> find(Set<KeyHash> hashes) {
        Set<String> names = hashes.stream().map(KeyHash::toString).collect(Collectors.toSet());
        Map<KeyHash, DatedKey> found = new HashMap<>();
        try {
            for (String text : floors.kept(names).values()) {
                DatedKey key = DatedKey.parse(text);
                found.put(key.key().hash(), key);
            }
        } catch (SharedStateException e) {
            // Those who watch the floors say so.
            LOG.debug("the keys' cache cannot be asked", e);
        } catch (IllegalArgumentException e) {
            LOG.debug("the keys' cache holds what is not ours", e);
        }
        found.keySet().retainAll(hashes);
        return found;
    }

    @Override
    public void put(Collection<DatedKey> keys) {
        List<Kept> values =
                keys.stream()
                        .map(
                                key ->
                                        new Kept(
                                                key.key().hash().toString(),
                                                key.key().versions().rank(),
                                                key.asOf().toEpochMilli(),
                                                key.text()))
                        .toList();
        if (!values.isEmpty() && puts.tryAcquire()) {
            Thread.ofVirtual().name("access-cache").start(() -> putInTurn(values));
        }
    }

    private void putInTurn(List<Kept> values) {
        try {
            floors.keep(values);
        } catch (SharedStateException e) {
            LOG.debug("the keys' cache takes nothing", e);
        } finally {
            puts.release();
        }
    }
}
