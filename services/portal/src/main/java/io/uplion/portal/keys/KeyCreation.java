// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.limits.Problem;

/// What became of the wish for a key.
public sealed interface KeyCreation {

    /// @param secret the whole key, shown now and never again
    record Created(Secret secret, KeyMetadata key) implements KeyCreation {}

    record NoSuchUser() implements KeyCreation {}

    /// Or there is none, which is not told.
    record NotInAccount() implements KeyCreation {}

    /// The owner has as many usable keys as one may have.
    record TooManyKeys(int limit) implements KeyCreation {}

    record Invalid(Problem problem) implements KeyCreation {}
}
