// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys.AsOf;

/// What is known of a key.
sealed interface Answer {

    record Found(StoredKey key, AsOf asOf) implements Answer {}

    /// There is none: whoever says so knows.
    record Unknown() implements Answer {}

    /// Nobody who can be believed can be asked.
    record Unavailable() implements Answer {}
}
