// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.openai.OpenAiError;

/// Learns what one client is told. Is spoken to on the client's event loop; after the first end it
/// hears of, whatever follows means nothing.
public interface Witness {
    /// Nobody who would want to know.
    Witness NOBODY =
            new Witness() {
                @Override
                public void frame(byte[] frame) {
                    // Nobody listens.
                }

                @Override
                public void streamed(Runnable then) {
                    then.run();
                }

                @Override
                public void whole(int status, String contentType, byte[] body, Runnable then) {
                    then.run();
                }

                @Override
                public void refused(int status, String contentType, byte[] body) {
                    // Nobody listens.
                }

                @Override
                public void failed(OpenAiError error) {
                    // Nobody listens.
                }

                @Override
                public void abandoned() {
                    // Nobody listens.
                }
            };

    /// A part of a streamed answer. Nobody writes into the bytes any more.
    void frame(byte[] frame);

    /// The stream is whole.
    ///
    /// @param then tells the client the end; to be run once, on its event loop, and soon
    void streamed(Runnable then);

    /// An answer in one piece.
    ///
    /// @param then tells it to the client; to be run once, on its event loop, and soon
    void whole(int status, String contentType, byte[] body, Runnable then);

    /// A provider has refused the request: its own words.
    void refused(int status, String contentType, byte[] body);

    /// An error of ours, before or after an answer has begun.
    void failed(OpenAiError error);

    /// The client has left, or was cut off, before the end.
    void abandoned();
}
