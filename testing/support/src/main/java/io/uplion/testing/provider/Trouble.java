// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.time.Duration;

/// What a script makes go wrong.
sealed interface Trouble {

    record None() implements Trouble {}

    /// An error status with an error body.
    ///
    /// @param code the error's code where it is not the status's usual one; empty: the usual one
    /// @param retryAfter zero: no such header
    record Refuse(int status, String code, Duration retryAfter) implements Trouble {}

    /// A status that sends the client elsewhere.
    record Redirect(int status) implements Trouble {}

    /// Something that is no answer at all, in an answer's place.
    record Instead(Substitute substitute) implements Trouble {}

    /// A stream that goes well up to the event with this index, counted from 0.
    record AtEvent(Fault fault, int index) implements Trouble {}

    enum Substitute {
        HTML,
        BROKEN_JSON,
        SILENCE
    }

    enum Fault {
        /// A TCP reset (over HTTP/2 a stream reset) in the event's place.
        RESET,
        /// A proper end of the body in the event's place.
        CLOSE,
        /// The connection is closed in the event's place, the body is left unended.
        HANG_UP,
        /// Nothing more, and no end.
        STALL,
        /// The event is half a JSON object; the stream goes on.
        MALFORMED,
        /// The event is an error object, after which the body ends.
        ERROR
    }
}
