// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.DatedKey;
import io.uplion.store.key.KeyHash;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

final class FakeKeyCache implements KeyCache {
    private final Map<KeyHash, DatedKey> keys = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public Map<KeyHash, DatedKey> find(Set<KeyHash> hashes) {
        calls.incrementAndGet();
        var found = new HashMap<>(keys);
        found.keySet().retainAll(hashes);
        return found;
    }

    @Override
    public void put(Collection<DatedKey> put) {
        put.forEach(key -> keys.put(key.key().hash(), key));
    }

    void clear() {
        keys.clear();
    }

    int size() {
        return keys.size();
    }

    int calls() {
        return calls.get();
    }
}
