// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.Problem;

/// What became of the wish for another password.
public sealed interface PasswordChange {

    record Done() implements PasswordChange {}

    /// The one that was given as the present one is not.
    record WrongPassword() implements PasswordChange {}

    /// The one that was chosen will not do.
    record Invalid(Problem problem) implements PasswordChange {}
}
