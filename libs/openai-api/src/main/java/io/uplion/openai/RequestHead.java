// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/// What the platform needs to know of a request's body. Everything else passes through unread.
///
/// @param maxTokens the most output the client asks for, per choice; where it gives two bounds, the
///   larger: nobody knows which of them a provider obeys
/// @param n choices asked for, for each prompt
/// @param made choices that are made for each prompt, of which the best are shown
/// @param prompts of a legacy completion, which may ask several at once; else 1
/// @param wantsUsage the client asked for the usage chunk of a stream
public record RequestHead(
        Endpoint endpoint,
        String model,
        boolean stream,
        boolean wantsUsage,
        OptionalLong maxTokens,
        int n,
        int made,
        int prompts,
        Edits edits) {

    public static final int MAX_CHOICES = 128;

    /// A longer body takes so long to be read that no event loop should wait for it.
    public static final int LONG_BYTES = 1 << 20;

    /// Where in the body the few bytes stand that we may change.
    ///
    /// @param open just after the body's opening brace
    /// @param model the value of `model`, quotes included
    /// @param streamOptions the value of `stream_options`, absent where there is none
    /// @param streamOptionsEmpty `stream_options` is `{}`
    /// @param includeUsage the value of `stream_options.include_usage`
    record Edits(
            int open,
            Span model,
            Span streamOptions,
            boolean streamOptionsEmpty,
            Span includeUsage) {}

    /// Bytes from `from` up to `to`.
    record Span(int from, int to) {
        static final Span ABSENT = new Span(-1, -1);

        boolean present() {
            return from >= 0;
        }
    }

    /// What became of reading a body.
    public sealed interface Result {}

    public record Parsed(RequestHead head) implements Result {}

    public record Refused(OpenAiError error) implements Result {}

    /// How many choices a whole answer has.
    public long choices() {
        return (long) n * prompts;
    }

    /// How many choices are made, shown or not: all are paid for.
    public long choicesMade() {
        return (long) made * prompts;
    }

    public static Result parse(Endpoint endpoint, byte[] body) {
        return RequestHeadParser.parse(endpoint, body);
    }

    /// The client's bytes as the upstream is to get them: its own name of the model, and the
    /// question for usage, without which nobody knows what a stream cost.
    ///
    /// @return what follows one after the other; the client's bytes are in it, not copies of them
    public List<ByteBuffer> forUpstream(byte[] body, String upstreamModel) {
        return BodyEdit.apply(this, body, upstreamModel);
    }
}
