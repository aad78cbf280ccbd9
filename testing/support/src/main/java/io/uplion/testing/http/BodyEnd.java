// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

/// How the bytes of an answer came to their end.
public enum BodyEnd {
    /// As announced: the last chunk, the full length, or a close where neither was announced.
    COMPLETE,
    /// An orderly close before the announced end.
    TRUNCATED,
    /// A TCP reset.
    RESET,
    /// Nothing came for as long as the client was told to wait.
    STALLED
}
