// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.time.Duration;

/// How long somebody waits after so many failures: not at all at first, then twice as long each
/// time, and never longer than some minutes, so that nobody can keep another out.
///
/// @param free failures that cost nothing
record Throttle(int free, Duration longest) {
    /// For one email, whoever tries.
    static final Throttle EMAIL = new Throttle(5, Duration.ofMinutes(5));

    /// From one address, which may be that of many people.
    static final Throttle ADDRESS = new Throttle(20, Duration.ofMinutes(5));

    /// After so long without a failure all is forgotten.
    static final Duration FORGOTTEN = Duration.ofHours(1);

    private static final int MOST_DOUBLINGS = 20;

    Duration delay(int failures) {
        if (failures <= free) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures - free - 1, MOST_DOUBLINGS);
        Duration delay = Duration.ofSeconds(1L << doublings);
        return delay.compareTo(longest) < 0 ? delay : longest;
    }
}
