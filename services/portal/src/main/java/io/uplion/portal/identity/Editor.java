// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who looks after users, and how far his rights reach.
public record Editor(UUID id, Set<Role> roles) {
    public Editor {
        roles = Set.copyOf(roles);
    }

    /// Only owners make owners, or change one.
    public boolean reaches(User user) {
        return roles.contains(Role.OWNER) || !user.roles().contains(Role.OWNER);
    }

    /// @return why not, as a sentence
    Optional<String> refusal(User before, User after) {
        if (!reaches(before) || !reaches(after)) {
            return Optional.of("Only owners make owners, or change one.");
        }
        return after.disabled() && before.id().equals(id)
                ? Optional.of("Nobody switches himself off.")
                : Optional.empty();
    }
}
