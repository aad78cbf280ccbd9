// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import java.time.Duration;
import java.util.stream.Stream;

/// What this process and PostgreSQL's have used of the processors, as the system counts it.
record ProcessorTime(Duration jvm, Duration postgres) {

    /// @param postmaster what ended before, or ends in between, is not counted
    static ProcessorTime now(ProcessHandle postmaster) {
        return new ProcessorTime(
                used(ProcessHandle.current()),
                Stream.concat(Stream.of(postmaster), postmaster.descendants())
                        .map(ProcessorTime::used)
                        .reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration used(ProcessHandle one) {
        return one.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    ProcessorTime since(ProcessorTime earlier) {
        return new ProcessorTime(jvm.minus(earlier.jvm), postgres.minus(earlier.postgres));
    }
}
