// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

/// What became of an email and a password.
public sealed interface SignIn {

    record Accepted(User user) implements SignIn {}

    /// Unknown email or wrong password: which of them is not told.
    record Refused() implements SignIn {}

    /// Email and password are right, but the user is switched off.
    record Disabled() implements SignIn {}
}
