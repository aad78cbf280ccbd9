// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import io.uplion.platform.identity.Principal.Scope;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// Why a stored key does not work.
public enum KeyRefusal {
    REVOKED,
    /// Another key has taken its place.
    ROLLED,
    EXPIRED,
    /// The key, its user or its account is switched off, or the user has left the account.
    DISABLED,
    /// The key may not be used from this address.
    ADDRESS,
    /// The key is for something else.
    SCOPE;

    /// What it is to be used for.
    ///
    /// @param address where the client is; nothing where that is not known, and then a key that is
    ///   limited to addresses is refused
    public record Use(Scope scope, Optional<InetAddress> address) {}

    /// Why it works for nobody. Revoked comes first: it is final, and whoever asks should not wait
    /// for a key to be enabled.
    public static Optional<KeyRefusal> ended(StoredKey key, Instant now) {
        if (key.revokedAt().isPresent()) {
            return Optional.of(REVOKED);
        }
        if (isPast(key.worksUntil(), now)) {
            return Optional.of(ROLLED);
        }
        if (isPast(key.expiresAt(), now)) {
            return Optional.of(EXPIRED);
        }
        return key.usable() ? Optional.empty() : Optional.of(DISABLED);
    }

    private static boolean isPast(Optional<Instant> end, Instant now) {
        return end.filter(time -> !now.isBefore(time)).isPresent();
    }

    /// One that has ended is not told where it might work.
    public static Optional<KeyRefusal> of(StoredKey key, Use use, Instant now) {
        return ended(key, now).or(() -> misused(key, use));
    }

    private static Optional<KeyRefusal> misused(StoredKey key, Use use) {
        boolean fromHere =
                key.ranges().isEmpty()
                        || use.address()
                                .filter(
                                        address ->
                                                key.ranges().stream()
                                                        .anyMatch(range -> range.contains(address)))
                                .isPresent();
        if (!fromHere) {
            return Optional.of(ADDRESS);
        }
        return key.principal().scopes().contains(use.scope())
                ? Optional.empty()
                : Optional.of(SCOPE);
    }
}
