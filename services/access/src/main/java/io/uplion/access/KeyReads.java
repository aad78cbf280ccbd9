// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.KeyHash;
import java.util.Optional;

/// Where keys are looked up.
interface KeyReads {

    /// Blocks. Throws [Failed] if there is no answer; an empty answer means there is no such key.
    Optional<KeyRecord> find(KeyHash hash);

    final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Failed(Throwable cause) {
            super("the key could not be looked up", cause);
        }
    }
}
