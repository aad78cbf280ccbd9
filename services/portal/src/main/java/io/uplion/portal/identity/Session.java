// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.time.Instant;
import java.util.UUID;

/// A browser in which somebody has signed in.
///
/// @param lastSeenAt to the minute
/// @param expiresAt of the idle time and the longest life the earlier end, as it is now
public record Session(
        UUID id,
        UUID user,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        String address,
        String userAgent) {}
