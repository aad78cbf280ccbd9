// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.Problem;

/// What came of changing a user.
public sealed interface UserChange {

    record Changed(ManagedUser user) implements UserChange {}

    record NoSuchUser() implements UserChange {}

    /// He is not as whoever changes him has seen him.
    record Stale() implements UserChange {}

    /// The rights of whoever asked do not reach so far.
    ///
    /// @param why a sentence
    record Forbidden(String why) implements UserChange {}

    /// The platform would be nobody's.
    record LastOwner() implements UserChange {}

    record Invalid(Problem problem) implements UserChange {}
}
