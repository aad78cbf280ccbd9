// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

/// How it stands with what somebody else runs.
public sealed interface Seen {
    /// It runs, and its lease is renewed.
    record Running() implements Seen, Claimed {}

    /// It has ended. A claim hears of what is kept only, whoever waits of everything.
    record Ended(Outcome outcome) implements Seen, Claimed {}

    /// Nobody runs it any more, and nobody has told its end.
    record Gone() implements Seen {}

    /// The store cannot be asked.
    ///
    /// @param why in words
    record Unknown(String why) implements Seen, Claimed {}
}
