// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What is known of a key after it was shown: everything but the key.
///
/// @param rolledTo the key that took its place
/// @param worksUntil of one that was rolled
/// @param countedAs the first of those that were rolled into this one; itself for one that was not
public record KeyMetadata(
        UUID id,
        UUID account,
        UUID user,
        String ownerEmail,
        String name,
        String prefix,
        String last4,
        KeyTerms terms,
        boolean enabled,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<UUID> rolledTo,
        Optional<Instant> worksUntil,
        UUID countedAs,
        Instant createdAt,
        Optional<Instant> lastUsedAt) {

    KeyMetadata with(String name, KeyTerms terms, boolean enabled, Optional<Instant> expiresAt) {
        return new KeyMetadata(
                id,
                account,
                user,
                ownerEmail,
                name,
                prefix,
                last4,
                terms,
                enabled,
                expiresAt,
                revokedAt,
                rolledTo,
                worksUntil,
                countedAs,
                createdAt,
                lastUsedAt);
    }

    public Set<String> models() {
        return terms.models();
    }

    /// What stands in its way at this time, in one word for a list.
    public State state(Instant now) {
        if (revokedAt.isPresent()) {
            return State.REVOKED;
        }
        if (worksUntil.filter(until -> !now.isBefore(until)).isPresent()) {
            return State.ROLLED;
        }
        if (expiresAt.filter(until -> !now.isBefore(until)).isPresent()) {
            return State.EXPIRED;
        }
        return enabled ? State.ACTIVE : State.DISABLED;
    }

    public enum State {
        ACTIVE,
        DISABLED,
        EXPIRED,
        ROLLED,
        REVOKED
    }
}
