// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import io.uplion.testing.http.BodyEnd;

/// How a request ended for its client.
///
/// @param code of the error, empty where there was none
/// @param detail what else there is to say, in words
/// @param body how the bytes ended
/// @param atNanos `System.nanoTime()` of the end
public record End(Kind kind, String code, String detail, BodyEnd body, long atNanos) {
    public enum Kind {
        /// A whole answer: with `[DONE]`, where it is a stream.
        COMPLETED,
        /// A stream that told an error.
        ERROR_EVENT,
        /// An answer with another status than 200.
        HTTP_ERROR,
        /// The answer ended in any other way, or never came.
        CONNECTION_BROKEN,
        CANCELLED_BY_CLIENT,
        /// Not within the client's bound.
        HUNG
    }
}
