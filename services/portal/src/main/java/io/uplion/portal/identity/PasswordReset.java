// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;

/// What became of a password reset.
public sealed interface PasswordReset {

    /// @param password shown once; it must be changed at the next sign-in
    record Done(User user, Secret password) implements PasswordReset {}

    record NoSuchUser() implements PasswordReset {}
}
