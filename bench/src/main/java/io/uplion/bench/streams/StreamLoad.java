// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.streams;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Holds a number of streams open for a while: where one ends, the next begins. Their beginnings
/// are spread evenly, so that the time to a first token is that of a machine at work, not of a
/// stampede.
final class StreamLoad {
    private static final int LATE_INTERVALS = 2;

    private final StreamClient client;
    private final Target target;
    private final Pace pace;
    private final LongAdder frames = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final ConcurrentLinkedQueue<Double> firstTokens = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended;
    private volatile boolean stopping;
    private volatile boolean counting;

    /// @param interval between two tokens of a stream
    /// @param time in which is counted; the streams begin before it and end after it
    record Pace(int streams, int tokens, Duration interval, Duration time) {
        Duration stream() {
            return interval.multipliedBy(tokens);
        }
    }

    /// What was seen.
    ///
    /// @param late frames that came more than two intervals after the one before
    /// @param wrong frames out of order or lost, and streams that broke
    record Seen(long frames, long late, long wrong, Samples firstTokenMillis) {
        double stalledPercent() {
            return 100.0 * late / Math.max(1, frames);
        }

        String describe() {
            return Report.text(
                    "%d frames, %.3f %% late, first token p50 %.2f ms, p99 %.2f ms, %d wrong",
                    frames,
                    stalledPercent(),
                    firstTokenMillis.median(),
                    firstTokenMillis.percentile(99),
                    wrong);
        }
    }

    private StreamLoad(StreamClient client, Target target, Pace pace) {
        this.client = client;
        this.target = target;
        this.pace = pace;
        this.ended = new CountDownLatch(pace.streams());
    }

    static Seen run(StreamClient client, Target target, Pace pace) {
        return new StreamLoad(client, target, pace).run();
    }

    private Seen run() {
        long apart = pace.stream().toNanos() / pace.streams();
        try (ScheduledExecutorService starts = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < pace.streams(); i++) {
                starts.schedule(this::open, i * apart, TimeUnit.NANOSECONDS);
            }
            TimeUnit.NANOSECONDS.sleep(pace.stream().toNanos());
            counting = true;
            TimeUnit.NANOSECONDS.sleep(pace.time().toNanos());
            counting = false;
            stopping = true;
            long patience = pace.stream().plusSeconds(30).toMillis();
            if (!ended.await(patience, TimeUnit.MILLISECONDS)) {
                wrong.add(ended.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (firstTokens.isEmpty()) {
            throw new IllegalStateException(target.name() + " sent no token");
        }
        double[] millis = firstTokens.stream().mapToDouble(Double::doubleValue).toArray();
        return new Seen(frames.sum(), late.sum(), wrong.sum(), Samples.of(millis));
    }

    private void open() {
        client.open(target, new Watch());
    }

    private final class Watch implements StreamClient.Listener {
        private int expected;
        private long sentAt;
        private long lastAt;

        @Override
        public void sent() {
            sentAt = System.nanoTime();
        }

        @Override
        public void token(int number) {
            long now = System.nanoTime();
            if (number != expected) {
                wrong.increment();
            }
            expected = number + 1;
            if (counting) {
                count(number, now);
            }
            lastAt = now;
        }

        private void count(int number, long now) {
            frames.increment();
            if (number == 0) {
                firstTokens.add((now - sentAt) / 1e6);
            } else if (now - lastAt > LATE_INTERVALS * pace.interval().toNanos()) {
                late.increment();
            }
        }

        @Override
        public void comment() {
            // Heartbeats are no tokens.
        }

        @Override
        public void ended(boolean whole, String how) {
            if (!whole || expected != pace.tokens()) {
                wrong.increment();
            }
            if (stopping) {
                ended.countDown();
            } else {
                open();
            }
        }
    }
}
