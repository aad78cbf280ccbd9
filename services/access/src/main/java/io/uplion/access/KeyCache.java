// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.DatedKey;
import io.uplion.store.key.KeyHash;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/// Keys that all nodes remember together.
interface KeyCache {
    /// Where one process asks its own database.
    KeyCache NONE =
            new KeyCache() {
                @Override
                public Map<KeyHash, DatedKey> find(Set<KeyHash> hashes) {
                    return Map.of();
                }

                @Override
                public void put(Collection<DatedKey> keys) {}
            };

    /// Blocks for a second at most. Empty where it cannot be asked.
    Map<KeyHash, DatedKey> find(Set<KeyHash> hashes);

    /// Does not wait. What is older than what is there is left out.
    void put(Collection<DatedKey> keys);
}
