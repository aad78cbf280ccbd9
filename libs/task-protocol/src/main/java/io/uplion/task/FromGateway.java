// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import java.time.Duration;

/// What the gateway says on a reply stream.
public sealed interface FromGateway {

    /// Leave to run the task: a grant.
    ///
    /// @param attempt counted from 1
    /// @param body the client's bytes where the task did not carry them, else empty
    record Go(int attempt, byte[] body) implements FromGateway {}

    /// Acknowledge the task and forget it.
    ///
    /// @param letter write a dead letter first
    /// @param blameless after trouble of the pool: this task has found it in several pools, so the
    ///   trouble may be the task's own and the pool need not rest
    record Done(boolean letter, boolean blameless) implements FromGateway {
        public static final Done FORGET = new Done(false, false);
    }

    /// Hand the task back to the queue, and stop working on it where work has begun.
    record Later(Duration backoff) implements FromGateway {}

    /// The first frame was accepted; no other attempt may speak.
    record Committed(int attempt, Claim claim) implements FromGateway {}

    /// Stop working for this client.
    record Cancel(Reason reason) implements FromGateway {
        public enum Reason {
            CLIENT_GONE,
            CLIENT_TOO_SLOW,
            KEY_REVOKED,
            SHUTTING_DOWN
        }
    }
}
