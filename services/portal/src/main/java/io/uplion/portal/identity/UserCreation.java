// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.Problem;

/// What came of making a user.
public sealed interface UserCreation {

    /// @param link for the new user, to choose a password by
    record Created(ManagedUser user, PasswordLink link) implements UserCreation {}

    record EmailTaken() implements UserCreation {}

    /// Only owners make owners.
    record Forbidden() implements UserCreation {}

    record Invalid(Problem problem) implements UserCreation {}
}
