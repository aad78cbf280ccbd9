// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.time.Duration;

/// Clients that ask again as soon as they are answered.
public sealed interface ClosedLoop permits Wrk, OwnLoad {

    /// @param answers whole ones
    record Result(long answers, double perSecond) {}

    /// @throws IllegalStateException when an answer was not 200: a fast error is no result
    Result run(Target target, String body, Load load);

    record Load(int connections, Duration time) {}

    /// What runs, for the report.
    String describe();

    /// wrk where it is installed, as it takes least of the machine from what is measured.
    static ClosedLoop best() {
        return Wrk.find().<ClosedLoop>map(wrk -> wrk).orElseGet(OwnLoad::new);
    }
}
