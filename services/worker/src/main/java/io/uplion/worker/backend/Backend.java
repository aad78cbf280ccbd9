// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend;

import io.uplion.openai.RequestHead;
import io.uplion.openai.StreamChunk;
import io.uplion.openai.WholeAnswer;
import io.uplion.task.FromWorker.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Speaks to one kind of provider or engine. It knows nothing of tasks, slots or clients.
public interface Backend extends AutoCloseable {

    /// Starts a call on the caller's event loop; every signal comes on that loop, none before this
    /// method returns. The last signal is one of [Whole], [Ended], [Trouble] and [Failed], and
    /// there is exactly one of these unless the call is cancelled.
    Call start(Request request, Consumer<Signal> signals);

    @Override
    void close();

    /// @param body the client's bytes, as they came
    record Request(RequestHead head, byte[] body) {}

    interface Call {
        /// Stops the provider's work. No signal follows.
        void cancel();

        /// Whoever listens cannot keep up, or can again.
        ///
        /// @param hold no chunk, beyond the few that are on their way, until told otherwise
        void pace(boolean hold);

        /// Nobody needs the answer any more; what is held for it may go.
        void release();
    }

    sealed interface Signal {}

    /// The whole answer, or the client's error in the provider's words.
    ///
    /// @param content what a successful answer says; nothing for an error
    record Whole(int status, String contentType, byte[] body, Optional<WholeAnswer> content)
            implements Signal {}

    /// One event of a stream.
    ///
    /// @param data its JSON, on one line
    record Chunk(StreamChunk content, byte[] data) implements Signal {}

    /// The stream is complete.
    record Ended() implements Signal {}

    /// The provider refuses the pool, not the request.
    ///
    /// @param reason the status of the AIModel shows it, for example `AuthenticationError`
    /// @param retryAfter where the provider says when to come again
    record Trouble(int status, String reason, Optional<Duration> retryAfter, String message)
            implements Signal {}

    record Failed(Failure failure) implements Signal {}
}
