// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Which changes are asked for.
///
/// @param from in it
/// @param to no longer in it
public record AuditQuery(
        Instant from,
        Instant to,
        Optional<UUID> actor,
        Optional<UUID> object,
        Optional<String> kind,
        Optional<String> action) {}
