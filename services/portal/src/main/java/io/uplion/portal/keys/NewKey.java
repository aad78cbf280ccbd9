// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A key as it is asked for. [Keys] checks it.
///
/// @param models what it is limited to; empty: every model its owner's groups allow
public record NewKey(
        String name, String ownerEmail, Set<String> models, Optional<Instant> expiresAt) {

    public NewKey {
        models = Set.copyOf(models);
    }
}
