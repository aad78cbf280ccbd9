// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.live.PoolStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the controller sees of one pool.
///
/// @param desired workers that should run
/// @param ready workers that pull tasks, as the broker sees them
/// @param startingSince while no worker is ready and one is on its way; by the controller's clock
/// @param lastStart how long the last start took, until the worker was ready
public record PoolState(
        PoolStatus status,
        int desired,
        int ready,
        Optional<Instant> startingSince,
        Optional<Duration> lastStart) {

    public static PoolState of(PoolStatus status) {
        return new PoolState(status, 0, 0, Optional.empty(), Optional.empty());
    }
}
