// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.Problem;

/// What came of choosing a password by a link.
public sealed interface PasswordChoice {

    record Done() implements PasswordChoice {}

    /// It is unknown, used up or too old, or its user is switched off.
    record NoSuchLink() implements PasswordChoice {}

    record Invalid(Problem problem) implements PasswordChoice {}
}
