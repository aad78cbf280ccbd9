// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import java.util.Set;

/// What is to become of a user.
public record UserEdit(
        Change<String> name,
        Change<Set<Role>> roles,
        Change<Set<String>> groups,
        Change<Boolean> disabled,
        LimitsChange limits) {

    ManagedUser applied(ManagedUser before) {
        User user = before.user();
        return new ManagedUser(
                new User(
                        user.id(),
                        user.account(),
                        user.email(),
                        name.applied(user.name()).strip(),
                        roles.applied(user.roles(), Set.of()),
                        groups.applied(user.groups(), Set.of()),
                        disabled.applied(user.disabled()),
                        user.mustChangePassword(),
                        user.createdAt()),
                limits.applied(before.limits()),
                before.hasPassword(),
                before.lastSeenAt());
    }
}
