// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/// Lives of gateways that could not be reached lately. A gateway that was started anew on the same
/// address is another one, and is tried at once.
final class UnreachableGateways {
    private static final int MAX = 10_000;

    private final long nanos;
    private final LongSupplier clock;
    private final SequencedMap<UUID, Long> until = new LinkedHashMap<>();
    private volatile boolean any;

    /// @param clock as [System#nanoTime]
    UnreachableGateways(Duration rest, LongSupplier clock) {
        this.nanos = rest.toNanos();
        this.clock = clock;
    }

    boolean contains(UUID incarnation) {
        return any && isKept(incarnation);
    }

    private synchronized boolean isKept(UUID incarnation) {
        forgetOld();
        return until.containsKey(incarnation);
    }

    synchronized void add(UUID incarnation) {
        forgetOld();
        if (until.size() >= MAX) {
            until.pollFirstEntry();
        }
        until.putLast(incarnation, clock.getAsLong() + nanos);
        any = true;
    }

    private void forgetOld() {
        long now = clock.getAsLong();
        Iterator<Map.Entry<UUID, Long>> oldest = until.entrySet().iterator();
        while (oldest.hasNext() && now - oldest.next().getValue() >= 0) {
            oldest.remove();
        }
        any = !until.isEmpty();
    }
}
