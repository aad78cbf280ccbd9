// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import java.util.ArrayDeque;
import java.util.Deque;

/// How fast one topic empties: the broker's count of acknowledged tasks, over the last half minute.
final class DrainWindow {
    private static final long LENGTH = 30_000;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long at, long acknowledged) {}

    /// A count that goes back began anew, and so does a clock.
    ///
    /// @param at in milliseconds
    synchronized void add(long at, long acknowledged) {
        Sample last = samples.peekLast();
        if (last != null && (at <= last.at() || acknowledged < last.acknowledged())) {
            samples.clear();
        }
        samples.add(new Sample(at, acknowledged));
        samples.removeIf(sample -> at - sample.at() > LENGTH);
    }

    /// 0 where nothing was acknowledged, or there is only one count.
    synchronized double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        return (last.acknowledged() - first.acknowledged()) * 1000.0 / (last.at() - first.at());
    }
}
