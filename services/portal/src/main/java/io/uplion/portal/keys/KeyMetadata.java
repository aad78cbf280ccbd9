// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What is known of a key after it was shown: everything but the key.
public record KeyMetadata(
        UUID id,
        UUID account,
        UUID user,
        String ownerEmail,
        String name,
        String prefix,
        String last4,
        Set<String> models,
        boolean enabled,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Instant createdAt,
        Optional<Instant> lastUsedAt) {

    public KeyMetadata {
        models = Set.copyOf(models);
    }
}
