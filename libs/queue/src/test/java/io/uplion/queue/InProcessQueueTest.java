// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InProcessQueueTest extends TaskQueueContract {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    @Override
    protected TaskQueue open() {
        return new InProcessQueue(loop);
    }

    @Override
    protected Topics topics() {
        return (Topics) queue;
    }

    @AfterEach
    void stopLoop() {
        loop.shutdownNow();
    }

    @Test
    void taskThatFindsAFreeSlotStaysOnThePublishersThread() {
        var threads = new CopyOnWriteArrayList<Thread>();
        queue.open(MODEL, 1, _ -> threads.add(Thread.currentThread()));

        publish();

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void taskThatWaitedIsDeliveredByTheExecutor() {
        var threads = new CopyOnWriteArrayList<Thread>();
        publish();
        var worker = new Receiver();

        queue.open(
                MODEL,
                1,
                delivery -> {
                    threads.add(Thread.currentThread());
                    worker.accept(delivery);
                });

        worker.awaitCount(1);
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void freeSlotsOfPoolsAreTakenInTurn() {
        var one = new Receiver();
        var other = new Receiver();
        queue.open(MODEL, 10, one);
        queue.open(MODEL, 10, other);

        publish(10);

        assertThat(one.count()).isEqualTo(5);
        assertThat(other.count()).isEqualTo(5);
    }

    @Test
    void withdrawnTaskIsGone() {
        var first = publish();
        var second = publish();

        queue.withdraw(first);

        assertThat(queue.depth(MODEL)).isEqualTo(new Depth(1, 0));
        assertThat(queue.ahead(first)).isEmpty();
        assertThat(queue.ahead(second)).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void placeCountsTheTasksBefore() {
        var tasks = new ArrayList<OptionalInt>();
        for (int i = 0; i < 3; i++) {
            tasks.add(queue.ahead(publish()));
        }

        assertThat(tasks).containsExactly(OptionalInt.of(0), OptionalInt.of(1), OptionalInt.of(2));
    }

    @Test
    void taskThatIsHandedBackGoesBeforeThoseThatWait() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        var published = publish(3);

        var first = worker.next();
        worker.later(first, Duration.ofMillis(300));
        var second = worker.next();
        awaitDepth(2, 1);
        Await.until(
                "the first task waits again",
                LIMIT,
                () -> queue.ahead(first.task()).equals(OptionalInt.of(0)));
        worker.ack(second);

        assertThat(worker.next().task().id()).isEqualTo(published.getFirst());
    }

    @Test
    void taskThatRestsCountsAsWaiting() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish();

        worker.later(worker.next(), Duration.ofSeconds(60));

        awaitDepth(1, 0);
    }

    @Test
    void openingWithoutATopicIsRefused() {
        assertThatThrownBy(() -> queue.open("unknown-model", 1, new Receiver()))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("unknown-model");
    }

    @Test
    void restingTaskOfADeletedTopicIsNotDelivered() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish(2);
        var first = worker.next();

        topics.deleteTopic(MODEL);
        worker.later(first, Duration.ZERO);
        awaitTimer();

        assertThat(worker.count()).isEqualTo(1);
        assertThat(queue.depth(MODEL)).isEqualTo(new Depth(0, 0));
    }

    @Test
    void taskThatWasRestingWhenItsTopicWentIsNotDelivered() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish();

        worker.later(worker.next(), Duration.ofMillis(50));
        topics.deleteTopic(MODEL);
        awaitTimer();

        assertThat(worker.count()).isEqualTo(1);
    }

    /// Until the timer has run what was handed to it before.
    private void awaitTimer() {
        topics.createTopic("timer");
        var other = new Receiver();
        queue.open("timer", 1, other);
        queue.publish(SampleTasks.task("timer"));
        other.later(other.next(), Duration.ofMillis(60));
        other.next();
    }

    @Test
    void closedQueueDeliversNothingAndCanStillBeAcknowledged() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish(3);
        var first = worker.next();

        queue.close();
        worker.later(first, Duration.ZERO);
        first.ack();

        assertThat(worker.count()).isEqualTo(1);
        assertThat(queue.depth(MODEL)).isEqualTo(new Depth(0, 0));
        assertThat(queue.publish(SampleTasks.task(MODEL)).toCompletableFuture())
                .isCompletedExceptionally();
    }
}
