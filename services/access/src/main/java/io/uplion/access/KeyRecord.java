// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.platform.identity.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key as it is stored, with what its user and account allow.
///
/// @param usable the key, its user and its account are switched on, and the user belongs to the
///   account
record KeyRecord(
        Principal principal,
        boolean usable,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    /// Revoked comes first: it is final, and whoever asks should not wait for a key to be enabled.
    Decision decide(Instant now) {
        if (revokedAt != null) {
            return new Denied(Reason.REVOKED);
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return new Denied(Reason.EXPIRED);
        }
        return usable ? new Allowed(principal) : new Denied(Reason.DISABLED);
    }
}
