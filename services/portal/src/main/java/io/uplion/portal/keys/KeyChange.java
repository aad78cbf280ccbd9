// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.portal.limits.Problem;

/// What became of the wish to change a key.
public sealed interface KeyChange {

    record Changed(KeyMetadata key) implements KeyChange {}

    record NoSuchKey() implements KeyChange {}

    /// What is revoked stays as it is.
    record Revoked() implements KeyChange {}

    /// It is not as whoever changes it has seen it.
    record Stale() implements KeyChange {}

    record Invalid(Problem problem) implements KeyChange {}
}
