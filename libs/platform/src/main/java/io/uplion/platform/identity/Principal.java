// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who asks.
///
/// @param account owns the budget
/// @param key empty for a browser session
/// @param groups what `access.groups` of a model is compared with
/// @param models the models a key is limited to; empty means every model its groups allow
public record Principal(
        UUID account,
        UUID user,
        Optional<UUID> key,
        Set<Role> roles,
        Set<String> groups,
        Set<String> models) {

    public Principal {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
        models = Set.copyOf(models);
    }

    public enum Role {
        OWNER,
        ADMIN,
        OPERATOR,
        VIEWER,
        MEMBER
    }
}
