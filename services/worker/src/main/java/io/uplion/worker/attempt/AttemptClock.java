// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.task.FromWorker.Failure;
import io.uplion.task.UsageRecord.Timing;
import java.time.Duration;
import java.util.Optional;

/// What an attempt's time is measured by, and whether it is up. By [System#nanoTime].
final class AttemptClock {
    private final SlotContext slot;
    private final boolean stream;
    private boolean granted;
    private boolean spoken;
    private boolean held;
    private long grantedAt;
    private long firstFrameAt;
    private long lastSignalAt;

    /// @param stream only a stream's silences mean anything
    AttemptClock(SlotContext slot, boolean stream) {
        this.slot = slot;
        this.stream = stream;
    }

    void granted() {
        granted = true;
        grantedAt = System.nanoTime();
        lastSignalAt = grantedAt;
    }

    /// The backend has said something.
    void signal() {
        lastSignalAt = System.nanoTime();
    }

    /// A provider that is held back is not silent.
    void held(boolean hold) {
        held = hold;
        signal();
    }

    /// Something was said to the client. Only the first time counts.
    void firstFrame() {
        if (!spoken) {
            spoken = true;
            firstFrameAt = System.nanoTime();
        }
    }

    boolean hasSpoken() {
        return spoken;
    }

    Timing timing() {
        long now = System.nanoTime();
        return new Timing(
                Duration.ofNanos(Math.max(0, firstFrameAt - grantedAt)),
                Duration.ofNanos(now - grantedAt));
    }

    /// Why the attempt must end now, if it must.
    Optional<Failure> overdue(long now) {
        if (!granted) {
            return Optional.empty();
        }
        Duration silence = spoken ? slot.stall() : slot.manifest().firstFrameTimeout();
        if (stream && !held && now - lastSignalAt > silence.toNanos()) {
            return failure("the provider was silent for " + silence.toSeconds() + " s");
        }
        boolean late = now - grantedAt > slot.manifest().timeout().toNanos();
        return late ? failure("the answer took too long") : Optional.empty();
    }

    private static Optional<Failure> failure(String why) {
        return Optional.of(Failure.of(Failure.Kind.TIMEOUT, why));
    }
}
