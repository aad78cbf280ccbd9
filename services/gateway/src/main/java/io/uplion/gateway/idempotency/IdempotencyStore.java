// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// What gateways remember of requests with a key. A call never blocks, never throws and never
/// fails: that the store is away is an answer. What follows an answer must not block either.
///
/// A call whose answer is unknown may have been done all the same, and can be made again.
public interface IdempotencyStore extends AutoCloseable {
    /// @param lease an execution that is not renewed for so long is taken for dead
    /// @param kept an answer is kept for so long
    /// @param told an end that frees the key is told to those who wait for so long
    record Times(Duration lease, Duration kept, Duration told) {
        public static final Times DEFAULT =
                new Times(Duration.ofSeconds(45), Duration.ofHours(24), Duration.ofSeconds(30));

        /// How often an execution is to be renewed.
        public Duration renewal() {
            return lease.dividedBy(3);
        }
    }

    /// Takes the key where it is free. Takes it once: whoever claims again with the same token has
    /// it still.
    CompletionStage<Claimed> claim(Claim claim);

    /// How it stands with what somebody else was running.
    CompletionStage<Seen> look(Asked asked);

    /// For another lease. A store that has forgotten the execution learns of it anew.
    CompletionStage<Noted> renew(Claim claim);

    /// The execution has ended. Does nothing where another has taken its place.
    CompletionStage<Noted> end(Claim claim, Outcome outcome);

    /// Whether the store has done it.
    sealed interface Noted {
        record Done() implements Noted {}

        /// @param why in words
        record Unknown(String why) implements Noted {}
    }

    @Override
    void close();
}
