// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// Streams as fast as they come: where one ends, the next begins.
final class StreamedFrames {
    private static final long PATIENCE_SECONDS = 60;

    private final StreamClient client;
    private final Target target;
    private final LongAdder frames = new LongAdder();
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final CountDownLatch ended;
    private final int streams;
    private volatile boolean stopping;

    StreamedFrames(StreamClient client, Target target, int streams) {
        this.client = client;
        this.target = target;
        this.streams = streams;
        this.ended = new CountDownLatch(streams);
    }

    void begin() {
        for (int i = 0; i < streams; i++) {
            client.open(target, new Watch());
        }
    }

    /// @return frames that a client has seen in that time
    double count(Duration time) throws InterruptedException {
        long before = frames.sum();
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
        return frames.sum() - before;
    }

    void end() throws InterruptedException {
        stopping = true;
        boolean all = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!all || !failure.get().isEmpty()) {
            throw new IllegalStateException("streams did not end well: " + failure.get());
        }
    }

    private final class Watch implements StreamClient.Listener {
        private int expected;

        @Override
        public void sent() {
            // Its time does not count here.
        }

        @Override
        public void token(int number) {
            if (number != expected) {
                failure.compareAndSet("", "a frame was lost");
            }
            expected = number + 1;
            frames.increment();
        }

        @Override
        public void comment() {
            // Heartbeats are no frames.
        }

        @Override
        public void ended(boolean whole, String how) {
            if (!whole) {
                failure.compareAndSet("", how);
            }
            if (stopping || !whole) {
                ended.countDown();
            } else {
                client.open(target, new Watch());
            }
        }
    }
}
