// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import java.util.List;

/// What has changed since the last reading.
///
/// @param next where the next reading goes on
/// @param vouched somebody who knows of every change says now that it is here
public record Reading(Mark next, List<Floor> floors, boolean vouched) {

    /// How far a reader has come.
    ///
    /// @param incarnation of the store: another one after it has begun anew, and then everything in
    ///   it is news
    public record Mark(String incarnation, long number) {
        public static final Mark START = new Mark("", 0);
    }
}
