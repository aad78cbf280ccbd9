// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;

/// What became of the wish for an administrator.
public sealed interface AdminCreation {

    /// @param password shown once; it must be changed at the first sign-in
    record Created(User user, Secret password) implements AdminCreation {}

    /// Asked for the first administrator, and there are users already.
    record NotTheFirst() implements AdminCreation {}

    record EmailTaken() implements AdminCreation {}

    record Invalid(String problem) implements AdminCreation {}
}
