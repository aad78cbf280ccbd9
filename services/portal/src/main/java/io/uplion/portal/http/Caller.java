// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.identity.User;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.UUID;

/// Who asks, and by which session.
public record Caller(User user, Optional<UUID> session, Optional<UUID> key) {

    public static Caller signedIn(User user, UUID session) {
        return new Caller(user, Optional.of(session), Optional.empty());
    }

    public static Caller withKey(User user, UUID key) {
        return new Caller(user, Optional.empty(), Optional.of(key));
    }

    public boolean hasOneOf(Collection<Role> roles) {
        return !Collections.disjoint(user.roles(), roles);
    }
}
