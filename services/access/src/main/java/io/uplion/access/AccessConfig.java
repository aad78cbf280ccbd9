// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import java.time.Duration;

/// How long `access` believes what it read, and how much it asks of the database.
///
/// @param cacheLife how long an allowed key is believed; also the longest a revoked key still
///   works, so never more than [#REVOCATION_PROMISE]
/// @param cacheEntries allowed keys remembered at most
/// @param lookups look-ups running at once, each for many keys; no more than the pool has
///   connections
/// @param waiting keys being looked up or waiting for their turn; beyond it the answer for a key
///   that was not allowed lately is *unavailable*. Not reached while the database answers
/// @param lookupTimeout how long a request waits for the database before the answer is
///   *unavailable*
public record AccessConfig(
        Duration cacheLife, int cacheEntries, int lookups, int waiting, Duration lookupTimeout) {

    /// What the platform promises: a revoked key is refused everywhere this much later.
    public static final Duration REVOCATION_PROMISE = Duration.ofSeconds(5);

    public AccessConfig {
        if (cacheLife.isNegative() || cacheLife.compareTo(REVOCATION_PROMISE) > 0) {
            throw new IllegalArgumentException("cacheLife must be 0..5 s, is " + cacheLife);
        }
        if (cacheEntries < 1) {
            throw new IllegalArgumentException("cacheEntries must be at least 1");
        }
        if (lookups < 1 || waiting < lookups) {
            throw new IllegalArgumentException("lookups must be at least 1 and at most waiting");
        }
        if (!lookupTimeout.isPositive()) {
            throw new IllegalArgumentException("lookupTimeout must be positive");
        }
    }

    /// One second of the promise is left for what comes after the decision.
    public static AccessConfig defaults() {
        return new AccessConfig(Duration.ofSeconds(4), 50_000, 6, 50_000, Duration.ofSeconds(2));
    }
}
