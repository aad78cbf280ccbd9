// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.Endpoint;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.WholeAnswer;
import io.uplion.worker.backend.Backend;
import java.util.Optional;

/// What the simulator makes of one request, before any time has passed.
sealed interface Reply {

    record Streamed(Completion completion, AnswerFormat format) implements Reply {}

    /// @param steps how many tokens long the client waits for it
    record Answered(Backend.Whole answer, int steps) implements Reply {}

    /// The client's error, said at once.
    record Refused(Backend.Whole answer) implements Reply {}

    /// To a request that was cancelled before it was looked at.
    Reply NOBODY_LISTENS =
            refused(ErrorCode.INTERNAL.error("The request was cancelled before it was read."));

    static Reply answered(Endpoint endpoint, byte[] body, int steps) {
        return new Answered(whole(200, body, WholeAnswer.read(endpoint, body)), steps);
    }

    static Reply refused(OpenAiError error) {
        return new Refused(whole(error.status(), error.toJson(), Optional.empty()));
    }

    private static Backend.Whole whole(int status, byte[] body, Optional<WholeAnswer> content) {
        return new Backend.Whole(status, "application/json", body, content);
    }
}
