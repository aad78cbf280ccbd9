// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.uplion.task.wire.v1.WorkerMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What a stream could not hand to the network yet. The caller holds the stream's lock.
final class Outbox {
    private final long mostBytes;
    private final Deque<WorkerMessage> waiting = new ArrayDeque<>();
    private long bytes;
    private long largest;

    Outbox(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(WorkerMessage message) {
        waiting.add(message);
        int size = message.getSerializedSize();
        bytes += size;
        largest = Math.max(largest, size);
    }

    /// One large answer may be more.
    boolean isTooFull() {
        return bytes - largest > mostBytes;
    }

    @Nullable WorkerMessage poll() {
        WorkerMessage next = waiting.poll();
        if (next != null) {
            bytes -= next.getSerializedSize();
        }
        if (waiting.isEmpty()) {
            largest = 0;
        }
        return next;
    }

    void clear() {
        waiting.clear();
        bytes = 0;
        largest = 0;
    }
}
