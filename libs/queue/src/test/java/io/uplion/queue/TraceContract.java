// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.TaskQueue.Depth;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever happens in whatever order: no task is lost, no process holds one twice or gets it again
/// after it acknowledged it, no worker has more than its slots. As long as nothing happens to the
/// broker, no two processes hold one together. The same seeds, so the same events, for each
/// adapter: one that runs fewer traces runs the first of them.
///
/// This is the queue's half of a task's life: publish, deliver, redeliver, hand back, acknowledge,
/// with processes and brokers that come and go. Grants, commits and streams in any order are the
/// gateway's half, and its `AnyOrderTest`'s.
///
/// A failure names its seed; `-Duplion.trace.seed=…` runs that one again.
public abstract class TraceContract {
    protected static final String MODEL = "model-of-the-traces";
    private static final long SEED = 20_261_128;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    protected TaskQueue queue;
    protected Topics topics;

    /// A queue without topics.
    protected abstract TaskQueue open();

    /// The queue as each of several processes has it, the first one being that which was opened.
    protected List<TaskQueue> processes() {
        return List.of(queue);
    }

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
        var seeds = new Random(SEED);
        for (int trace = 0; trace < traces(); trace++) {
            run(seeds.nextLong());
        }
    }

    private void run(long seed) {
        var random = new Random(seed);
        boolean calm = random.nextBoolean();
        // How much chance a disturbance takes differs from adapter to adapter.
        var disturbances = new Random(random.nextLong());
        var trace = new Trace(processes(), MODEL, random, new Witness(calm));
        try {
            for (int step = 0; step < steps(); step++) {
                if (random.nextInt(20) == 0 && !calm) {
                    trace.note("disturb");
                    disturb(disturbances);
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
