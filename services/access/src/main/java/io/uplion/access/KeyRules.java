// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.store.key.StoredKey;
import java.time.Instant;
import java.util.Optional;

/// What a stored key allows.
final class KeyRules {
    private KeyRules() {}

    static Decision decide(StoredKey key, Question question, Instant now) {
        return ended(key, now)
                .or(() -> misused(key, question))
                .<Decision>map(Denied::new)
                .orElseGet(() -> new Allowed(key.principal()));
    }

    /// Why it works for nobody. Revoked comes first: it is final, and whoever asks should not wait
    /// for a key to be enabled.
    static Optional<Reason> ended(StoredKey key, Instant now) {
        if (key.revokedAt().isPresent()) {
            return Optional.of(Reason.REVOKED);
        }
        if (isPast(key.worksUntil(), now)) {
            return Optional.of(Reason.ROLLED);
        }
        if (isPast(key.expiresAt(), now)) {
            return Optional.of(Reason.EXPIRED);
        }
        return key.usable() ? Optional.empty() : Optional.of(Reason.DISABLED);
    }

    private static boolean isPast(Optional<Instant> end, Instant now) {
        return end.filter(time -> !now.isBefore(time)).isPresent();
    }

    private static Optional<Reason> misused(StoredKey key, Question question) {
        boolean fromHere =
                key.ranges().isEmpty()
                        || question.address()
                                .filter(
                                        address ->
                                                key.ranges().stream()
                                                        .anyMatch(range -> range.contains(address)))
                                .isPresent();
        if (!fromHere) {
            return Optional.of(Reason.ADDRESS);
        }
        return key.principal().scopes().contains(question.scope())
                ? Optional.empty()
                : Optional.of(Reason.SCOPE);
    }
}
