// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What a task has used in the end.
///
/// @param tokens also more than were asked for
public record Used(long tokens) {
    /// The task never ran, or is not to be counted.
    public static final Used NOTHING = new Used(0);

    public Used {
        if (tokens < 0) {
            throw new IllegalArgumentException(tokens + " tokens were used");
        }
    }
}
