// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A key as it is asked for. [Keys] checks it.
///
/// @param account that pays, which its owner must belong to; empty: its owner's personal one
public record NewKey(
        String name,
        String ownerEmail,
        Optional<UUID> account,
        KeyTerms terms,
        Optional<Instant> expiresAt) {

    /// Inference with these models on the owner's personal account, and no limit.
    public NewKey(String name, String ownerEmail, Set<String> models, Optional<Instant> expiresAt) {
        this(name, ownerEmail, Optional.empty(), KeyTerms.forModels(models), expiresAt);
    }
}
