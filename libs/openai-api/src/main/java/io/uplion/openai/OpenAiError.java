// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One answer that is an error: `{"error":{"message","type","param","code"}}`, always all four.
///
/// @param retryAfterMillis [#NO_RETRY_AFTER] where no time is known
/// @param finalAnswer `x-should-retry: false` is sent: we have tried already
public record OpenAiError(
        ErrorCode code,
        String message,
        @Nullable String param,
        long retryAfterMillis,
        boolean finalAnswer) {
    public static final long NO_RETRY_AFTER = -1;

    public int status() {
        return code.status();
    }

    public OpenAiError retryAfter(Duration wait) {
        return new OpenAiError(code, message, param, Math.max(0, wait.toMillis()), finalAnswer);
    }

    /// Tells the client's library not to try again by itself.
    public OpenAiError asFinal() {
        return new OpenAiError(code, message, param, retryAfterMillis, true);
    }

    /// Whole seconds, rounded up: a client that waits so long is not early.
    public long retryAfterSeconds() {
        return (retryAfterMillis + 999) / 1000;
    }

    public byte[] toJson() {
        return JsonText.object(
                json -> {
                    json.writeObjectFieldStart("error");
                    json.writeStringField("message", message);
                    json.writeStringField("type", code.type());
                    json.writeStringField("param", param);
                    json.writeStringField("code", code.code());
                    json.writeEndObject();
                });
    }

    /// Reads what another service of ours has answered with [#toJson].
    ///
    /// @return nothing for anything else
    public static Optional<OpenAiError> read(byte[] body) {
        return WholeAnswer.read(Endpoint.CHAT, body)
                .flatMap(WholeAnswer::error)
                .flatMap(
                        told ->
                                ErrorCode.named(told.code())
                                        .map(code -> code.error(told.message())));
    }

    /// The error as it goes into a stream that has begun. Some clients look at `event:`, others at
    /// the data.
    public byte[] toEvent() {
        return SseFrames.event("error", toJson());
    }
}
