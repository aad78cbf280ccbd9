// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.task.Task;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// Tasks that were tried and given up, kept to be read.
@FunctionalInterface
public interface DeadLetters {
    /// @return completes when the letter is kept
    CompletionStage<Void> write(DeadLetter letter);

    /// @param headers of the client's request, without secrets
    /// @param body the client's bytes
    /// @param reason why the last attempt failed
    record DeadLetter(
            Task task,
            Map<String, String> headers,
            byte[] body,
            String pool,
            String reason,
            Instant writtenAt) {
        public DeadLetter {
            headers = Map.copyOf(headers);
        }
    }
}
