// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TaskQueue.Slots;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Many threads at once: nothing is lost, nothing is doubled, no pool gets more than its slots.
class QueueStressTest {
    private static final String MODEL = "model";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// Ends each task on another thread; hands every third delivery back.
    private static final class Hammer implements Consumer<Delivery> {
        private final ExecutorService threads;
        private final Map<UUID, AtomicInteger> acked;
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger mostRunning = new AtomicInteger();
        private final AtomicLong serial = new AtomicLong();

        Hammer(ExecutorService threads, Map<UUID, AtomicInteger> acked) {
            this.threads = threads;
            this.acked = acked;
        }

        @Override
        public void accept(Delivery delivery) {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            threads.execute(() -> end(delivery));
        }

        private void end(Delivery delivery) {
            running.decrementAndGet();
            if (serial.incrementAndGet() % 3 == 0) {
                delivery.later(Duration.ofMillis(1));
                return;
            }
            acked.computeIfAbsent(delivery.task().id(), _ -> new AtomicInteger()).incrementAndGet();
            delivery.ack();
            delivery.ack();
        }
    }

    @Property(tries = 10)
    void everyTaskIsDoneOnceWhateverThreadsDo(
            @ForAll @IntRange(min = 1, max = 4) int publishers,
            @ForAll @IntRange(min = 1, max = 3) int pools,
            @ForAll @IntRange(min = 1, max = 8) int slots)
            throws InterruptedException {
        int tasks = 300;
        Map<UUID, AtomicInteger> acked = new ConcurrentHashMap<>();
        List<Hammer> hammers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var queue = new InProcessQueue(threads)) {
            queue.createTopic(MODEL);
            List<Slots> open = new ArrayList<>();
            for (int pool = 0; pool < pools; pool++) {
                var hammer = new Hammer(threads, acked);
                hammers.add(hammer);
                open.add(queue.open(MODEL, slots, hammer));
            }
            var running = new ArrayList<Thread>();
            for (int i = 0; i < publishers; i++) {
                running.add(Thread.ofVirtual().start(() -> publish(queue, tasks)));
            }
            // Resizing while others work must neither lose a slot nor a task.
            for (int round = 0; round < 50; round++) {
                open.get(round % pools).resize(round % (slots + 1));
            }
            open.forEach(one -> one.resize(slots));
            for (var thread : running) {
                thread.join();
            }
            Await.until("all are done", LIMIT, () -> acked.size() == publishers * tasks);
            Await.until("nothing is left", LIMIT, () -> queue.depth(MODEL).equals(new Depth(0, 0)));
        }

        assertThat(acked.values()).allMatch(count -> count.get() == 1);
        assertThat(hammers).allMatch(hammer -> hammer.mostRunning.get() <= slots);
    }

    private static void publish(TaskQueue queue, int tasks) {
        for (int i = 0; i < tasks; i++) {
            queue.publish(SampleTasks.task(MODEL)).toCompletableFuture().join();
        }
    }
}
