// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.KeyHash;
import io.uplion.store.key.StoredKeys.Found;
import java.util.Set;

/// Where keys are looked up.
interface KeyReads {

    /// Blocks. Throws [Failed] if there is no answer; what is not in an answer does not exist, as
    /// of the time it holds for.
    Found find(Set<KeyHash> hashes);

    final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Failed(Throwable cause) {
            super("the database cannot be asked", cause);
        }
    }
}
