// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.idle;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Streams that are opened and left open.
final class OpenStreams {
    /// Under way at one time: opening is no part of what is measured.
    private static final int AT_ONCE = 100;

    private static final long PATIENCE_SECONDS = 30;

    private final StreamClient client;
    private final Target target;
    private final int streams;
    private final Semaphore opening = new Semaphore(AT_ONCE);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder heartbeats = new LongAdder();
    private final AtomicReference<String> failure = new AtomicReference<>("");

    OpenStreams(StreamClient client, Target target, int streams) {
        this.client = client;
        this.target = target;
        this.streams = streams;
    }

    /// Returns when each has its first token or has failed.
    void openAll() throws InterruptedException {
        for (int i = 0; i < streams; i++) {
            await(1);
            client.open(target, new Watch());
        }
        await(AT_ONCE);
        opening.release(AT_ONCE);
    }

    private void await(int permits) throws InterruptedException {
        if (!opening.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "streams are not opened any more after " + open() + " of " + streams);
        }
    }

    int streams() {
        return streams;
    }

    int open() {
        return open.get();
    }

    int broken() {
        return broken.get();
    }

    long tokens() {
        return tokens.sum();
    }

    long heartbeats() {
        return heartbeats.sum();
    }

    String firstFailure() {
        return failure.get();
    }

    private final class Watch implements StreamClient.Listener {
        private int expected;

        @Override
        public void sent() {
            // It counts from its first token on.
        }

        @Override
        public void token(int number) {
            tokens.increment();
            if (number != expected) {
                failure.compareAndSet("", "a token was lost");
                broken.incrementAndGet();
            }
            if (expected == 0) {
                open.incrementAndGet();
                opening.release();
            }
            expected = number + 1;
        }

        @Override
        public void comment() {
            heartbeats.increment();
        }

        @Override
        public void ended(boolean whole, String how) {
            failure.compareAndSet("", how);
            broken.incrementAndGet();
            if (expected == 0) {
                opening.release();
            } else {
                open.decrementAndGet();
            }
        }
    }
}
