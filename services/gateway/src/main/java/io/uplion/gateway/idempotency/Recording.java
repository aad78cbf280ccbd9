// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.util.ArrayList;
import java.util.List;

/// What one client is told, as long as it is not too much. Lives on the client's event loop.
final class Recording {
    /// A longer answer is not kept.
    static final int MOST_BYTES = 1 << 20;

    /// What an array and its place in the list take beside its bytes.
    private static final int FRAME_BYTES = 32;

    private final AnswerMemory memory;
    private final List<byte[]> frames = new ArrayList<>();
    private int length;
    private long taken;
    private boolean tooMuch;

    Recording(AnswerMemory memory) {
        this.memory = memory;
    }

    void add(byte[] frame) {
        if (tooMuch) {
            return;
        }
        int needed = frame.length + FRAME_BYTES;
        if (frame.length > MOST_BYTES - length || !memory.take(needed)) {
            tooMuch = true;
            forget();
            return;
        }
        taken += needed;
        length += frame.length;
        frames.add(frame);
    }

    /// Whether all of it is here.
    boolean isWhole() {
        return !tooMuch;
    }

    /// What it takes of the memory; whoever takes the bytes answers for it from then on.
    long taken() {
        return taken;
    }

    byte[] bytes() {
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] frame : frames) {
            System.arraycopy(frame, 0, all, at, frame.length);
            at += frame.length;
        }
        frames.clear();
        return all;
    }

    void forget() {
        memory.giveBack(taken);
        taken = 0;
        length = 0;
        frames.clear();
    }
}
