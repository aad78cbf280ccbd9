// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// Whether the end of a task has been noted.
public sealed interface Settled {

    record Done() implements Settled {}

    /// The store is away. What the task held frees itself; what it used more or less than asked for
    /// may not be counted.
    record Unknown(String why) implements Settled {}
}
