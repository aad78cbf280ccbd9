// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Limits;
import java.time.Instant;
import java.util.Optional;

/// A user as admins see one.
///
/// @param hasPassword false: nobody has signed in yet, or only from elsewhere
/// @param lastSeenAt of the sessions that are still known
public record ManagedUser(
        User user, Limits limits, boolean hasPassword, Optional<Instant> lastSeenAt) {}
