// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the connections of one event loop have sent of requests that are none yet. A head that
/// never ends is small, but there can be as many as there are connections, and together they take
/// the memory that every other connection needs to be read. So their sum is bounded: beyond it, the
/// oldest are cut. A head that comes at once is never among them.
final class UnfinishedHeads {
    /// For the whole process. What is held beside is larger: a buffer that grows doubles, and a
    /// short header line becomes objects of many times its size.
    private static final long PROCESS_BYTES = 8 << 20;

    /// A few dozen of the largest heads.
    private static final long LEAST_BYTES = 1 << 20;

    private final long bound;
    private final LinkedHashMap<Sender, Long> heldBySender = new LinkedHashMap<>();
    private long held;

    /// Whoever sends a head.
    interface Sender {
        /// Closes its connection, and gives its bytes free.
        void cut();
    }

    /// @param bound in bytes
    UnfinishedHeads(long bound) {
        this.bound = bound;
    }

    /// The share of one event loop, where each processor has one.
    static long share() {
        return Math.max(PROCESS_BYTES / Runtime.getRuntime().availableProcessors(), LEAST_BYTES);
    }

    /// @param bytes how much of it is held now; none: its head has ended, or it has gone
    void holds(Sender sender, long bytes) {
        Long before = bytes == 0 ? heldBySender.remove(sender) : heldBySender.put(sender, bytes);
        held += bytes - (before == null ? 0 : before);
        while (held > bound) {
            Map.Entry<Sender, Long> oldest = heldBySender.pollFirstEntry();
            held -= oldest.getValue();
            oldest.getKey().cut();
        }
    }

    long held() {
        return held;
    }
}
