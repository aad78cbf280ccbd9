// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// Which store it is: one that has lost everything is another.
public sealed interface Incarnation {

    /// @param word as it was said to the store first
    record Known(String word) implements Incarnation {}

    /// The store is away.
    record Unknown(String why) implements Incarnation {}
}
