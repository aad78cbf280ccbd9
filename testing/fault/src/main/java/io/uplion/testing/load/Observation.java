// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// One request: what was sent, what came, how it ended.
public record Observation(Sent sent, Heard heard, End end) {
    /// The server's id, or our marker where the server gave none.
    public String id() {
        return heard.requestId().isEmpty() ? sent.marker() : heard.requestId();
    }

    public boolean is(End.Kind kind) {
        return end.kind() == kind;
    }

    public Duration duration() {
        return Duration.ofNanos(end.atNanos() - sent.atNanos());
    }

    public Optional<Duration> timeToFirstToken() {
        return tokens().stream()
                .findFirst()
                .map(token -> Duration.ofNanos(token.atNanos() - sent.atNanos()));
    }

    /// The times between one token and the next, in nanoseconds.
    public LongStream gaps() {
        List<Frame> tokens = tokens();
        return LongStream.range(1, tokens.size())
                .map(i -> tokens.get((int) i).atNanos() - tokens.get((int) i - 1).atNanos());
    }

    /// In short: thousands of these may stand in one report.
    @Override
    public String toString() {
        return "%s (%s) %s %s after %d ms and %d events, status %d %s"
                .formatted(
                        id(),
                        sent.marker(),
                        end.kind(),
                        end.body(),
                        duration().toMillis(),
                        heard.frames().size(),
                        heard.status(),
                        end.code());
    }

    private List<Frame> tokens() {
        return heard.frames().stream().filter(frame -> frame.kind() == Frame.Kind.TOKEN).toList();
    }
}
