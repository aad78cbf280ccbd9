// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

/// What came of reading a peer's bytes.
public sealed interface Reading<T> {

    record Read<T>(T value) implements Reading<T> {}

    /// @param why names the field, and carries nothing of the bytes: they may be secret
    record Malformed<T>(String why) implements Reading<T> {}
}
