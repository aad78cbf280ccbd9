// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import java.util.Set;

/// Somebody who is to get a way in.
public record NewUser(String email, String name, Set<Role> roles, Set<String> groups) {
    public NewUser {
        email = email.strip();
        name = name.strip();
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }
}
