// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One change.
///
/// @param actor nobody: the command line, the platform itself, or somebody at the tables
/// @param actorEmail as it is now
/// @param key of one who asked with a management key
/// @param kind of the object: key, user, account, …
/// @param before as JSON, what differs; nothing of what was made
/// @param after as JSON; nothing of what is gone
public record AuditEntry(
        UUID id,
        Instant at,
        Optional<UUID> actor,
        Optional<String> actorEmail,
        Optional<UUID> key,
        Optional<String> address,
        String action,
        String kind,
        UUID object,
        Optional<String> before,
        Optional<String> after) {}
