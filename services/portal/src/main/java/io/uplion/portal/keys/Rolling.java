// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.limits.Problem;

/// What became of the wish for a new secret in place of a key's.
public sealed interface Rolling {

    /// @param secret the new key, shown now and never again
    /// @param old still works for a while
    record Rolled(Secret secret, KeyMetadata key, KeyMetadata old) implements Rolling {}

    record NoSuchKey() implements Rolling {}

    /// Revoked, rolled before, or expired.
    record NotUsable(KeyMetadata.State state) implements Rolling {}

    /// Its owner has as many keys, with those that still work for a while, as one may have.
    record TooManyKeys(int limit) implements Rolling {}

    record Invalid(Problem problem) implements Rolling {}
}
