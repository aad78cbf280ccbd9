// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.Receiver;
import io.uplion.queue.SampleTasks;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.TaskQueueContract;
import io.uplion.queue.Topics;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.testing.wait.Await;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulsarTasksIT extends TaskQueueContract {
    private Rig rig;

    @Override
    protected TaskQueue open() {
        rig = Rig.shared(LocalBroker.shared());
        rig.topics.prepare();
        rig.topics.deleteTopic(MODEL);
        rig.topics.deleteTopic("another-model");
        return rig.tasks;
    }

    @Override
    protected Topics topics() {
        return rig.topics;
    }

    @AfterEach
    void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }

    /// Through a broker each takes milliseconds.
    @Override
    protected int deadTasks() {
        return 300;
    }

    /// A worker is not ready while nothing can reach it.
    @Test
    void slotsAreNotOpenBeforeTheyHaveFoundTheirTopic() {
        var worker = new Receiver();
        var slots = queue.open("another-model", 2, worker);
        assertThat(slots.areOpen()).isFalse();

        topics.createTopic("another-model");
        Await.until("both can be given a task", LIMIT, slots::areOpen);
        queue.publish(SampleTasks.task("another-model")).toCompletableFuture().join();
        worker.awaitCount(1);
        assertThat(slots.areOpen()).as("one runs a task, one idles").isTrue();
    }

    /// The contract lets a queue be without it; this one soon knows, as its counts are polled.
    @Test
    void placeInTheQueueIsKnownSoon() {
        var tasks = Stream.generate(() -> SampleTasks.task(MODEL)).limit(3).toList();
        tasks.forEach(task -> queue.publish(task).toCompletableFuture().join());

        for (int i = 0; i < tasks.size(); i++) {
            var place = OptionalInt.of(i);
            var task = tasks.get(i);
            Await.until(place + " before it", LIMIT, () -> queue.ahead(task).equals(place));
        }
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        worker.awaitCount(1);
        Await.until(
                "one has gone before the last",
                LIMIT,
                () -> queue.ahead(tasks.getLast()).equals(OptionalInt.of(1)));
    }

    /// What a gateway may be told to put into a task.
    @Test
    void largestBodyThatATaskMayCarryIsTaken() {
        try (var queue = open()) {
            rig.topics.createTopic(MODEL);
            var body = "x".repeat(PulsarTasks.MAX_BODY_BYTES);

            queue.publish(SampleTasks.task(MODEL, body)).toCompletableFuture().join();
            assertThatThrownBy(
                            () ->
                                    queue.publish(
                                                    SampleTasks.task(
                                                            MODEL, body + "x".repeat(64 << 10)))
                                            .toCompletableFuture()
                                            .join())
                    .as("the broker's own bound is where we think it is")
                    .hasCauseInstanceOf(TaskQueue.QueueException.class);
        }
    }
}
