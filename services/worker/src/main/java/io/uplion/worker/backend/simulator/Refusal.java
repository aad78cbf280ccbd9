// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;

/// The request asks for what only an engine can see is wrong. Thrown from deep inside a body and
/// turned into the answer in one place, [Replies].
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient OpenAiError error;

    private Refusal(OpenAiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /// @param param the path of the wrong field, for example `tools[0].function.name`
    static Refusal invalidValue(String param, String message) {
        return new Refusal(ErrorCode.INVALID_VALUE.error(message, param));
    }

    static Refusal invalidBody(String message) {
        return new Refusal(ErrorCode.INVALID_BODY.error(message));
    }

    OpenAiError error() {
        return error;
    }
}
