// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.time.Duration;

/// What is said to clients about their `Idempotency-Key`.
final class KeyErrors {
    static final String HEADER = "idempotency-key";
    private static final Duration SOON = Duration.ofSeconds(1);

    private KeyErrors() {}

    static OpenAiError invalid() {
        return ErrorCode.INVALID_VALUE.error(
                "The header Idempotency-Key must be sent once, with 1 to 255 visible ASCII"
                        + " characters.",
                HEADER);
    }

    static OpenAiError otherBody() {
        return ErrorCode.IDEMPOTENCY_REUSED.error(
                "This Idempotency-Key was used for a request with another body; use a new key for"
                        + " a new request.",
                HEADER);
    }

    static OpenAiError notKept() {
        return ErrorCode.IDEMPOTENCY_NOT_KEPT
                .error(
                        "The request with this Idempotency-Key was answered, with more than is"
                                + " kept; it is not run again under this key.",
                        HEADER)
                .asFinal();
    }

    /// Whoever ran it died, or its client left.
    static OpenAiError unfinished() {
        return ErrorCode.IDEMPOTENCY_UNFINISHED
                .error(
                        "The first request with this Idempotency-Key ended without an answer; it"
                                + " may have been worked on. Try again with the same key.",
                        HEADER)
                .retryAfter(SOON);
    }

    static OpenAiError stillRunning() {
        return ErrorCode.IDEMPOTENCY_UNFINISHED
                .error(
                        "The first request with this Idempotency-Key still runs; come back for its"
                                + " answer.",
                        HEADER)
                .retryAfter(SOON);
    }

    static OpenAiError unavailable() {
        return ErrorCode.IDEMPOTENCY_UNAVAILABLE
                .error(
                        "Whether this Idempotency-Key was used cannot be found out now; try again"
                                + " shortly.",
                        HEADER)
                .retryAfter(SOON);
    }

    static OpenAiError overloaded() {
        return ErrorCode.OVERLOADED
                .error("Too many kept answers are under way; try again shortly.")
                .retryAfter(SOON);
    }
}
