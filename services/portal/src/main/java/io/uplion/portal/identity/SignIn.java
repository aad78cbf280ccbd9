// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.time.Duration;

/// What became of an email and a password.
public sealed interface SignIn {

    /// Of the two alone.
    sealed interface Checked extends SignIn {}

    record Accepted(User user) implements Checked {}

    /// Unknown email or wrong password: which of them is not told.
    record Refused() implements Checked {}

    /// Email and password are right, but the user is switched off.
    record Disabled() implements Checked {}

    /// Not looked at: too many have failed for this email or from this address.
    record Throttled(Duration retryAfter) implements SignIn {}
}
