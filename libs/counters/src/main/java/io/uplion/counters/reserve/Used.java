// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What a task has used in the end.
///
/// @param tokens also more than were asked for
/// @param nanos what it is charged; of more than was asked for only that is owed
public record Used(long tokens, long nanos) {
    /// The task never ran, or is not to be counted.
    public static final Used NOTHING = new Used(0, 0);

    public Used {
        if (tokens < 0 || nanos < 0) {
            throw new IllegalArgumentException(tokens + " tokens for " + nanos + " were used");
        }
    }
}
