// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

/// What somebody who waits for another's answer hears.
sealed interface Heard {
    /// @param held has one user more, whoever hears it
    record Told(Held held) implements Heard {}

    record Gone() implements Heard {}

    record Unknown() implements Heard {}
}
