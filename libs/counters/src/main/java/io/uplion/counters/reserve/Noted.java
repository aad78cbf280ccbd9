// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// Whether the store has taken note.
public sealed interface Noted {

    record Done() implements Noted {}

    /// The store is away, and may have taken note or not. Telling it again does no harm.
    record Unknown(String why) implements Noted {}
}
