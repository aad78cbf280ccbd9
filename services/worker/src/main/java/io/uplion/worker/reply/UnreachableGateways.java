// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.uplion.task.Task;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/// Lives of gateways that could not be reached lately: they are not tried again for a while, or
/// until their address answers. A gateway that was started anew on the same address is another one,
/// and is tried at once.
final class UnreachableGateways {
    private static final int MAX = 10_000;

    private final long nanos;
    private final LongSupplier clock;
    private final SequencedMap<UUID, Rest> resting = new LinkedHashMap<>();
    private volatile boolean any;

    private record Rest(String address, long until) {}

    /// @param clock as [System#nanoTime]
    UnreachableGateways(Duration rest, LongSupplier clock) {
        this.nanos = rest.toNanos();
        this.clock = clock;
    }

    boolean contains(Task.Gateway gateway) {
        return any && isResting(gateway.incarnation());
    }

    private synchronized boolean isResting(UUID incarnation) {
        forgetOld();
        return resting.containsKey(incarnation);
    }

    /// @return whether it is news
    synchronized boolean add(Task.Gateway gateway) {
        forgetOld();
        boolean known = resting.containsKey(gateway.incarnation());
        if (resting.size() >= MAX) {
            resting.pollFirstEntry();
        }
        resting.putLast(
                gateway.incarnation(), new Rest(gateway.address(), clock.getAsLong() + nanos));
        any = true;
        return !known;
    }

    synchronized void answered(String address) {
        resting.values().removeIf(rest -> rest.address().equals(address));
        any = !resting.isEmpty();
    }

    private void forgetOld() {
        long now = clock.getAsLong();
        Iterator<Rest> oldest = resting.values().iterator();
        while (oldest.hasNext() && now - oldest.next().until() >= 0) {
            oldest.remove();
        }
        any = !resting.isEmpty();
    }
}
