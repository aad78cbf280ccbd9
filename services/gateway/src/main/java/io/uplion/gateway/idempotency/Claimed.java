// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

/// What became of a claim.
public sealed interface Claimed
        permits Claimed.Mine, Claimed.OtherBody, Seen.Running, Seen.Ended, Seen.Unknown {
    /// Nobody else has the key: whoever asked runs it.
    record Mine() implements Claimed {}

    /// The key was used for something else.
    record OtherBody() implements Claimed {}
}
