// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.identity.Principal;

/// What becomes of a request.
public sealed interface Decision {

    record Allowed(Principal principal) implements Decision {}

    /// HTTP 401, or 403 for a key that works, but not for this.
    record Denied(Reason reason) implements Decision {}

    /// The database cannot be asked. HTTP 503, never 401: a client must not throw its key away
    /// because our database is down.
    record Unavailable() implements Decision {}

    enum Reason {
        MISSING_KEY,
        /// No key of ours: wrong length, alphabet or checksum.
        MALFORMED_KEY,
        UNKNOWN_KEY,
        REVOKED,
        EXPIRED,
        /// Another key has taken its place.
        ROLLED,
        /// The key, its user or its account is switched off, or the user has left the account.
        DISABLED,
        /// The key may not be used from this address.
        ADDRESS,
        /// The key is for something else.
        SCOPE,
        /// A session that is over, was ended, never was, or whose user is switched off.
        NO_SESSION
    }
}
