// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.WholeAnswer;
import java.util.Optional;

/// What the simulator makes of one request, before any time has passed.
sealed interface Reply {

    record Streamed(Completion completion, AnswerFormat format) implements Reply {}

    /// @param steps how many tokens long the client waits for it
    /// @param content nothing for an error
    record Whole(int status, byte[] body, Optional<WholeAnswer> content, int steps)
            implements Reply {
        static Whole ok(byte[] body, int steps) {
            return new Whole(200, body, WholeAnswer.read(body), steps);
        }
    }
}
