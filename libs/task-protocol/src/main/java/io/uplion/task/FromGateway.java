// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What the gateway says on a reply stream.
public sealed interface FromGateway {

    /// Whether nothing follows on the stream, and the worker need not listen any longer.
    default boolean isLast() {
        return switch (this) {
            case Go _, Committed _, Pace _ -> false;
            case Done _, Later _, Cancel _, Lost _ -> true;
        };
    }

    /// Leave to run the task: a grant.
    ///
    /// @param attempt counted from 1
    /// @param body the client's bytes where the task did not carry them, else empty
    record Go(int attempt, byte[] body) implements FromGateway {}

    /// Acknowledge the task and forget it.
    ///
    /// @param letter to be written first: the task was given up
    /// @param blameless after trouble of the pool: this task has found it in several pools, so the
    ///   trouble may be the task's own and the pool need not rest
    record Done(Optional<Letter> letter, boolean blameless) implements FromGateway {
        public static final Done FORGET = new Done(Optional.empty(), false);
    }

    /// What only the gateway knows of a task that is given up.
    ///
    /// @param headers of the client's request, without secrets
    /// @param body the client's bytes where the task did not carry them, else empty
    /// @param reason why the last attempt failed
    record Letter(Map<String, String> headers, byte[] body, String reason) {
        public Letter {
            headers = Map.copyOf(headers);
        }
    }

    /// Hand the task back to the queue, and stop working on it where work has begun.
    record Later(Duration backoff) implements FromGateway {}

    /// The first frame was accepted; no other attempt may speak.
    record Committed(int attempt, Claim claim) implements FromGateway {}

    /// The client takes its answer more slowly than it comes, or no longer does.
    ///
    /// @param hold say nothing more that is the provider's until told otherwise; what is on its way
    ///   may still come
    record Pace(boolean hold) implements FromGateway {}

    /// The stream broke, or the gateway could not be reached: it says nothing any more. Said by the
    /// adapter, and the last message.
    ///
    /// @param reached whether the gateway had ever answered on this stream
    record Lost(boolean reached) implements FromGateway {}

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
