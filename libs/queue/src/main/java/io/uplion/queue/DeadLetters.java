// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.task.Task;
import java.time.Instant;

/// Tasks that were tried and given up, kept to be read.
@FunctionalInterface
public interface DeadLetters {
    void write(DeadLetter letter);

    /// @param body the client's bytes
    /// @param reason why the last attempt failed
    record DeadLetter(Task task, byte[] body, String pool, String reason, Instant writtenAt) {}
}
