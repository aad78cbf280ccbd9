// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

/// One event of a stream, as a client understands it. A whole answer is one frame.
///
/// @param id the chunk's; empty where it has none
/// @param text what it adds to the answer; an error's code; what could not be read
/// @param atNanos `System.nanoTime()` when its last byte was read
public record Frame(Kind kind, String id, String text, long atNanos) {
    public enum Kind {
        /// A chunk without text: the one with the role, or one without choices.
        SILENT,
        TOKEN,
        /// The chunk that says why the answer ends here.
        FINISH,
        /// The chunk that has no choices but the usage.
        USAGE,
        ERROR,
        DONE,
        UNREADABLE;

        /// Whether it is a part of an attempt's answer.
        public boolean isAnswer() {
            return this == SILENT || this == TOKEN || this == FINISH || this == USAGE;
        }
    }
}
