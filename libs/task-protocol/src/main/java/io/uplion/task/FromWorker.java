// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.openai.TokenUsage;
import java.time.Instant;
import java.util.Optional;

/// What a worker says on a reply stream.
public sealed interface FromWorker {

    /// An answer in one piece: the provider's own, also when it is the client's error.
    record Answer(int status, String contentType, byte[] body) implements FromWorker {}

    /// One server-sent event, ready for the wire.
    ///
    /// @param produced estimated tokens of what the model says in it
    record Event(byte[] frame, long produced) implements FromWorker {}

    /// The worker has heard that it is committed and whom to account to: from now on it accounts
    /// for its answer, even if it never hears of the gateway again. Only then is the client told
    /// anything, so that nobody hears what nobody accounts for.
    record Accounts() implements FromWorker {}

    /// The answer is whole and its usage is durable.
    ///
    /// @param used as its usage record says; nothing for the client's own error
    record End(TokenUsage used) implements FromWorker {}

    /// The attempt has failed; after the first frame that means a broken answer.
    record Failed(Failure failure) implements FromWorker {}

    /// The pool cannot serve anybody now; nothing was sent.
    ///
    /// @param status the provider's
    /// @param retryAt until when the pool means to rest
    record PoolTrouble(int status, String reason, Instant retryAt, String message)
            implements FromWorker {}

    /// Why an attempt failed, in words a client may read.
    ///
    /// @param status the provider's, where it gave one
    record Failure(Kind kind, String message, Optional<Integer> status) {
        public enum Kind {
            UPSTREAM_ERROR,
            UNREACHABLE,
            TIMEOUT,
            NONSENSE,
            CUT,
            WORKER_LOST,
            USAGE_NOT_DURABLE
        }

        public static Failure of(Kind kind, String message) {
            return new Failure(kind, message, Optional.empty());
        }
    }
}
