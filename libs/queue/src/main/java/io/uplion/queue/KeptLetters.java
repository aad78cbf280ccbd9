// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.queue.DeadLetters.DeadLetter;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/// The dead letters that were kept, for whoever looks after the platform.
@FunctionalInterface
public interface KeptLetters {
    /// Blocks, and takes nothing out. One letter is in memory at a time: each may be as large as a
    /// request.
    ///
    /// @param each is told those of a model in the order in which they were written
    /// @throws TaskQueue.QueueException where they cannot be read now
    void read(Consumer<KeptLetter> each);

    /// @param requestId as the client knows it
    /// @param headers of the client's request, without secrets
    /// @param bodyBytes how long the body was
    /// @param body the client's bytes; none where they were too many to be kept
    record KeptLetter(
            String requestId,
            String model,
            Map<String, String> headers,
            Failure failure,
            long bodyBytes,
            byte[] body) {
        public KeptLetter {
            headers = Map.copyOf(headers);
        }

        /// Why it was given up.
        ///
        /// @param reason of the last attempt
        public record Failure(String pool, String reason, Instant writtenAt) {}

        public static KeptLetter of(DeadLetter letter) {
            return new KeptLetter(
                    letter.task().requestId(),
                    letter.task().model(),
                    letter.headers(),
                    new Failure(letter.pool(), letter.reason(), letter.writtenAt()),
                    letter.body().length,
                    letter.body());
        }

        public KeptLetter withoutBody() {
            return new KeptLetter(requestId, model, headers, failure, bodyBytes, new byte[0]);
        }
    }
}
