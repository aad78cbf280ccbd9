// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.openai.OpenAiError;

/// How an execution has ended, for those who ask for the same.
public sealed interface Outcome {
    /// What it takes to hold it in memory.
    int bytes();

    /// Whether the key stands for it from now on. Else the key is free, and only who waits hears.
    boolean isKept();

    /// @param request the id of the one that was run, as its client has been told
    /// @param frames in their order, one behind the other, without the last: `[DONE]`
    record Streamed(String request, byte[] frames) implements Outcome {
        @Override
        public int bytes() {
            return frames.length;
        }

        @Override
        public boolean isKept() {
            return true;
        }
    }

    /// An answer in one piece.
    ///
    /// @param request the id of the one that was run, as its client has been told
    record Whole(String request, int status, String contentType, byte[] body) implements Outcome {
        @Override
        public int bytes() {
            return body.length;
        }

        @Override
        public boolean isKept() {
            return true;
        }
    }

    /// It was answered, with more than is kept.
    record NotKept() implements Outcome {
        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public boolean isKept() {
            return true;
        }
    }

    /// A provider did not take it: its own words.
    record Refused(int status, String contentType, byte[] body) implements Outcome {
        @Override
        public int bytes() {
            return body.length;
        }

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /// An error of ours.
    record Failed(OpenAiError error) implements Outcome {
        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public boolean isKept() {
            return false;
        }
    }
}
