// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.Optional;

/// What the fake does with a request. The mini language is in the module's README.
record Script(Content content, Pace pace, Frames frames, Trouble trouble, Trigger trigger) {

    /// @param emptyChoices without choices; a streamed answer starts with such a chunk instead
    /// @param cachedTokens reported as read from the prompt cache
    /// @param dimensions of an embedding, where the request does not say
    record Content(Text text, boolean emptyChoices, int cachedTokens, int dimensions) {}

    /// Where an answer's tokens come from.
    sealed interface Text {

        /// `t0 t1 t2 …`
        ///
        /// @param pad this many characters follow each token
        /// @param utf8 characters of 2, 3 and 4 bytes follow each token
        /// @param mark the provider's name, which each token then carries before the request's
        ///   serial number
        record Numbered(int tokens, int pad, boolean utf8, Optional<String> mark) implements Text {
            /// What follows the number of every token.
            String suffix(long serial) {
                return mark.map(name -> "@" + name + serial).orElse("")
                        + (utf8 ? Tokens.WIDE : "")
                        + "x".repeat(pad);
            }
        }

        /// The last message of the user.
        record Echo() implements Text {}

        /// A call of the request's first tool.
        record Tool() implements Text {}
    }

    /// @param ttftNanos from the request to the first token
    /// @param headersNanos from the request to the response's head
    record Pace(long ttftNanos, long intervalNanos, long headersNanos) {}

    /// @param split every event goes out in pieces of three bytes
    /// @param burst events that are due together go out in one write
    /// @param usage whether usage is reported at all
    /// @param done whether `[DONE]` ends a stream
    record Frames(
            boolean crlf,
            boolean comments,
            boolean split,
            boolean burst,
            boolean usage,
            boolean done) {}

    /// When the trouble happens.
    ///
    /// @param firstRequests only to so many requests of this model string
    /// @param key any other bearer token is refused with 401
    record Trigger(int firstRequests, Optional<String> key) {}

    static Script parse(String model) {
        return new ScriptParser(model).parse();
    }
}
