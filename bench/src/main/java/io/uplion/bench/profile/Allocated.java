// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.profile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/// Bytes by part. A sample stands for all that its thread has allocated since the sample before:
/// the first one of a thread stands for its whole life so far, and does not count.
final class Allocated {
    private final Set<Long> threads = new HashSet<>();
    private final Map<String, Double> parts = new HashMap<>();

    void add(RecordedEvent sample) {
        if (sample.getThread() != null && !threads.add(sample.getThread().getId())) {
            double bytes = (double) sample.getLong("weight");
            parts.merge(Parts.behalf(sample.getStackTrace()), bytes, Double::sum);
        }
    }

    Map<String, Double> parts() {
        return parts;
    }
}
