// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What all links of a proxy are exposed to now. Whoever waits for it to change is woken when it
/// does.
final class Weather {
    private static final long SLICES_A_SECOND = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Direction> holes = EnumSet.noneOf(Direction.class);
    private long latencyNanos;
    private long bytesPerSecond;

    void holes(Collection<Direction> directions) {
        change(() -> holes.addAll(directions));
    }

    void latency(Duration delay) {
        change(() -> latencyNanos = delay.toNanos());
    }

    /// @param limit 0: none
    void bandwidth(long limit) {
        change(() -> bytesPerSecond = limit);
    }

    void clear() {
        change(
                () -> {
                    holes.clear();
                    latencyNanos = 0;
                    bytesPerSecond = 0;
                });
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what arrived then may go on in this direction.
    void awaitPassage(Direction direction, long arrivedNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long early = arrivedNanos + latencyNanos - System.nanoTime();
                if (holes.contains(direction)) {
                    changed.await();
                } else if (early > 0) {
                    changed.await(early, TimeUnit.NANOSECONDS);
                } else {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many of so many bytes may go in one piece, so that a limit makes a trickle and no
    /// gushes.
    int slice(int bytes) {
        long limit = limit();
        return limit == 0 ? bytes : Math.clamp(limit / SLICES_A_SECOND, 1, bytes);
    }

    /// Waits for as long as so many bytes take at the limit.
    void awaitTransfer(int bytes) throws InterruptedException {
        long limit = limit();
        if (limit > 0) {
            TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(bytes) / limit);
        }
    }

    private long limit() {
        lock.lock();
        try {
            return bytesPerSecond;
        } finally {
            lock.unlock();
        }
    }
}
