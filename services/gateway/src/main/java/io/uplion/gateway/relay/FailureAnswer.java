// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.Task;
import java.time.Duration;

/// A failure of ours or of a provider in words for the client.
final class FailureAnswer {
    private FailureAnswer() {}

    static OpenAiError exhausted(Task task, Failure failure, int attempts) {
        String tries = attempts == 1 ? "one attempt" : attempts + " attempts";
        return code(failure)
                .error(
                        "The model '"
                                + task.model()
                                + "' failed in "
                                + tries
                                + ": "
                                + sentence(failure.message()))
                .asFinal();
    }

    /// @param whole the answer was complete but could not be delivered
    static OpenAiError broken(Failure failure, boolean whole) {
        String what = whole ? "The answer could not be recorded: " : "The answer broke off: ";
        return code(failure).error(what + sentence(failure.message())).asFinal();
    }

    static OpenAiError removed(String model) {
        return ErrorCode.MODEL_REMOVED.error("The model '" + model + "' was removed.", "model");
    }

    static OpenAiError revoked() {
        return ErrorCode.INVALID_API_KEY
                .error("The key, its user or its account was revoked or switched off meanwhile.")
                .asFinal();
    }

    static OpenAiError noRoom() {
        return ErrorCode.OVERLOADED
                .error("The answers under way fill the memory for them; try again shortly.")
                .retryAfter(Duration.ofSeconds(1));
    }

    static OpenAiError released() {
        return ErrorCode.LIMITS_UNAVAILABLE
                .error(
                        "What was held of the budget for the request was given back, because the"
                                + " server could not renew it; try again shortly.")
                .retryAfter(Duration.ofSeconds(1));
    }

    static OpenAiError shuttingDown() {
        return ErrorCode.SHUTTING_DOWN
                .error("The server is shutting down; try again shortly.")
                .retryAfter(Duration.ofSeconds(1));
    }

    /// A provider's own words may have their full stop already.
    private static String sentence(String words) {
        return words.endsWith(".") ? words : words + ".";
    }

    private static ErrorCode code(Failure failure) {
        return switch (failure.kind()) {
            case TIMEOUT -> ErrorCode.UPSTREAM_TIMEOUT;
            case UPSTREAM_ERROR, UNREACHABLE, NONSENSE, CUT, WORKER_LOST ->
                    ErrorCode.UPSTREAM_ERROR;
            case USAGE_NOT_DURABLE -> ErrorCode.INTERNAL;
        };
    }
}
