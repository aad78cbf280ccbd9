// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.reserve.Reserved.Refused;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// Of several limits that are met the one counts that takes longest.
final class Refusals {
    /// Longer than any time: it does not end by itself.
    private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

    private Refusals() {}

    static Refused longest(List<Refused> refusals) {
        return refusals.stream()
                .max(Comparator.comparing(refused -> refused.retryAfter().orElse(NEVER)))
                .orElseThrow();
    }
}
