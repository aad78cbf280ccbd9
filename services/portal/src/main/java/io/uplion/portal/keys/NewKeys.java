// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.store.key.ApiKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What is written of a key that has just been made.
final class NewKeys {
    private NewKeys() {}

    static KeyMetadata metadata(ApiKey key, NewKey asked, KeySql.Owner owner, Instant now) {
        UUID id = UUID.randomUUID();
        return new KeyMetadata(
                id,
                owner.account(),
                owner.user(),
                owner.email(),
                asked.name().strip(),
                key.prefix(),
                key.last4(),
                asked.terms(),
                true,
                asked.expiresAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                id,
                now,
                Optional.empty());
    }

    /// On the same terms, also as to whether it is switched on.
    static KeyMetadata successor(ApiKey key, KeyMetadata old, Instant now) {
        return new KeyMetadata(
                UUID.randomUUID(),
                old.account(),
                old.user(),
                old.ownerEmail(),
                old.name(),
                key.prefix(),
                key.last4(),
                old.terms(),
                old.enabled(),
                old.expiresAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                old.countedAs(),
                now,
                Optional.empty());
    }
}
