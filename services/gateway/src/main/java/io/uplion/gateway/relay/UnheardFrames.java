// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a committed attempt has said before its worker has said that it accounts for it. A gateway
/// that dies in that moment leaves a client that has heard nothing, and not one that has heard what
/// nobody accounts for.
///
/// A worker says so at once when it hears that it is committed: what stands here is a frame or two,
/// from a provider that pours out its answer all at once somewhat more.
final class UnheardFrames {
    private static final long MOST_BYTES = 16 << 20;

    private final Consumer<byte[]> client;
    private final List<byte[]> frames = new ArrayList<>();
    private long bytes;
    private boolean released;

    UnheardFrames(Consumer<byte[]> client) {
        this.client = client;
    }

    void add(byte[] frame) {
        if (released) {
            client.accept(frame);
        } else {
            frames.add(frame);
            bytes += frame.length;
        }
    }

    long bytes() {
        return bytes;
    }

    /// The worker does not speak as it should; nothing more may be kept for it.
    boolean isFull() {
        return bytes > MOST_BYTES;
    }

    /// The worker accounts for it.
    void release() {
        released = true;
        frames.forEach(client);
        frames.clear();
        bytes = 0;
    }

    boolean isReleased() {
        return released;
    }
}
