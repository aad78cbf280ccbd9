// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

/// What became of the wish to revoke a key.
public sealed interface Revocation {

    record Revoked(KeyMetadata key) implements Revocation {}

    /// Nothing changed: the time of the first revocation stands.
    record AlreadyRevoked(KeyMetadata key) implements Revocation {}

    record NoSuchKey() implements Revocation {}
}
