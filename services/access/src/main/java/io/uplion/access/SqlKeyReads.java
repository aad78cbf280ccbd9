// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.KeyHash;
import io.uplion.store.key.StoredKeys;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// One query by the keys' hashes, an indexed column.
final class SqlKeyReads implements KeyReads {
    private final StoredKeys keys;

    SqlKeyReads(Jdbi jdbi) {
        this.keys = new StoredKeys(jdbi);
    }

    @Override
    public StoredKeys.Found find(Set<KeyHash> hashes) {
        try {
            return keys.find(hashes);
        } catch (JdbiException e) {
            throw new Failed(e);
        }
    }
}
