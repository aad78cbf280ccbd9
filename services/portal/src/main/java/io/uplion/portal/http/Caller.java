// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.identity.User;
import java.util.Collection;
import java.util.Collections;
import java.util.UUID;

/// Who asks, and by which session.
public record Caller(User user, UUID session) {

    public boolean hasOneOf(Collection<Role> roles) {
        return !Collections.disjoint(user.roles(), roles);
    }
}
