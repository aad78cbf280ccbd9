// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import io.uplion.testing.http.Intake;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one client asks for, and how it behaves.
///
/// @param padding characters added to the prompt as one word
/// @param more further fields of the body, each with a comma before it
/// @param headers besides the usual ones
public record Ask(
        String model,
        boolean stream,
        int padding,
        String more,
        Map<String, String> headers,
        Manners manners) {

    /// @param hungAfter a request that has not ended by then is counted as hung
    public record Manners(Intake intake, Leave leave, Duration hungAfter) {}

    private static final Manners USUAL =
            new Manners(Intake.EAGER, new Leave.Never(), Duration.ofSeconds(60));

    public Ask {
        headers = Map.copyOf(headers);
    }

    public static Ask stream(String model) {
        return new Ask(model, true, 0, "", Map.of(), USUAL);
    }

    /// A stream that is expected to stay open for long with little on it; takes little memory, and
    /// ends when the client is told to leave.
    public static Ask idle(String model) {
        return stream(model)
                .with(new Manners(Intake.SMALL, new Leave.Never(), Duration.ofHours(6)));
    }

    public static Ask whole(String model) {
        return new Ask(model, false, 0, "", Map.of(), USUAL);
    }

    /// Reads so many bytes a second.
    public Ask slowly(long bytesPerSecond) {
        return with(new Manners(Intake.slow(bytesPerSecond), leave(), hungAfter()));
    }

    public Ask leaving(Leave when) {
        return with(new Manners(manners.intake(), when, hungAfter()));
    }

    public Ask hungAfter(Duration bound) {
        return with(new Manners(manners.intake(), leave(), bound));
    }

    /// Wants the usage in the stream.
    public Ask withUsage() {
        return with(more + ",\"stream_options\":{\"include_usage\":true}");
    }

    public Ask with(String moreFields) {
        return new Ask(model, stream, padding, moreFields, headers, manners);
    }

    public Ask padded(int characters) {
        return new Ask(model, stream, characters, more, headers, manners);
    }

    public Ask header(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Ask(model, stream, padding, more, all, manners);
    }

    private Ask with(Manners other) {
        return new Ask(model, stream, padding, more, headers, other);
    }

    Leave leave() {
        return manners.leave();
    }

    Duration hungAfter() {
        return manners.hungAfter();
    }

    /// The body of a request that can be told from all others by its marker.
    String body(String marker) {
        String pad = padding == 0 ? "" : " " + "x".repeat(padding);
        return "{\"model\":\"%s\",\"user\":\"%s\",\"stream\":%s%s,\"messages\":[%s]}"
                .formatted(
                        model,
                        marker,
                        stream,
                        more,
                        "{\"role\":\"user\",\"content\":\"say " + marker + pad + "\"}");
    }

    /// Words of the prompt, which the fake provider counts as its tokens.
    int promptWords() {
        return padding == 0 ? 2 : 3;
    }
}
