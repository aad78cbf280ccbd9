// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.store.key.KeyRefusal;
import io.uplion.store.key.StoredKey;
import java.time.Instant;

/// What a stored key allows.
final class KeyRules {
    private KeyRules() {}

    static Decision decide(StoredKey key, Question question, Instant now) {
        KeyRefusal.Use use = new KeyRefusal.Use(question.scope(), question.address());
        return KeyRefusal.of(key, use, now)
                .<Decision>map(refusal -> new Denied(reason(refusal)))
                .orElseGet(() -> new Allowed(key.principal()));
    }

    private static Reason reason(KeyRefusal refusal) {
        return switch (refusal) {
            case REVOKED -> Reason.REVOKED;
            case ROLLED -> Reason.ROLLED;
            case EXPIRED -> Reason.EXPIRED;
            case DISABLED -> Reason.DISABLED;
            case ADDRESS -> Reason.ADDRESS;
            case SCOPE -> Reason.SCOPE;
        };
    }
}
