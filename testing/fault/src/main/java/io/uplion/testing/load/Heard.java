// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import io.uplion.openai.TokenUsage;
import io.uplion.testing.http.SseComment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What came, in the order in which it came.
///
/// @param status 0: no answer came
/// @param headers names in lower case
/// @param told the usage that the answer reported
public record Heard(
        int status,
        Map<String, String> headers,
        List<Frame> frames,
        List<SseComment> comments,
        @Nullable TokenUsage told) {

    public Heard {
        headers = Map.copyOf(headers);
        frames = List.copyOf(frames);
        comments = List.copyOf(comments);
    }

    /// The id by which the server knows the request; empty where it did not say.
    public String requestId() {
        return headers.getOrDefault("x-request-id", "");
    }

    public Optional<TokenUsage> usage() {
        return Optional.ofNullable(told);
    }

    /// The answer's text, as far as it came.
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Frame frame : frames) {
            if (frame.kind().isAnswer()) {
                text.append(frame.text());
            }
        }
        return text.toString();
    }
}
