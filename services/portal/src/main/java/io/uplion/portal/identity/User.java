// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/// A person who may sign in.
///
/// @param account the personal account, which pays for keys that name no other
public record User(
        UUID id,
        UUID account,
        String email,
        String name,
        Set<Role> roles,
        Set<String> groups,
        boolean disabled,
        boolean mustChangePassword,
        Instant createdAt) {

    public User {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }
}
