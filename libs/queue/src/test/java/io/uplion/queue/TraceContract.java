// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.TaskQueue.Depth;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever happens in whatever order: no task is lost, none is held twice, none comes again after
/// it was acknowledged, and no worker has more than its slots. The same events for each adapter.
///
/// A failure names its seed; `-Duplion.trace.seed=…` runs that one again.
public abstract class TraceContract {
    protected static final String MODEL = "model-of-the-traces";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    protected TaskQueue queue;
    protected Topics topics;

    /// A queue without topics.
    protected abstract TaskQueue open();

    /// The topics of the queue that was opened last.
    protected abstract Topics topics();

    protected abstract int traces();

    protected abstract int steps();

    /// What can happen to the adapter's broker; called now and then.
    protected abstract void disturb(Random random);

    @BeforeEach
    void openQueue() {
        queue = open();
        topics = topics();
        topics.createTopic(MODEL);
    }

    @AfterEach
    void closeQueue() {
        queue.close();
    }

    @Test
    void noTaskIsLostOrHeldTwiceWhateverHappens() {
        var wanted = Long.getLong("uplion.trace.seed");
        if (wanted != null) {
            run(wanted);
            return;
        }
        var seeds = new Random();
        for (int trace = 0; trace < traces(); trace++) {
            run(seeds.nextLong());
        }
    }

    private void run(long seed) {
        var random = new Random(seed);
        var trace = new Trace(queue, MODEL, random);
        try {
            for (int step = 0; step < steps(); step++) {
                if (random.nextInt(20) == 0) {
                    trace.note("disturb");
                    disturb(random);
                }
                trace.step();
            }
            trace.finish(LIMIT);
            Await.until("nothing is left", LIMIT, () -> queue.depth(MODEL).equals(new Depth(0, 0)));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + trace.told(), e);
        } finally {
            trace.close();
        }
        assertThat(trace.violations()).as("seed %d%s", seed, trace.told()).isEmpty();
    }
}
