// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What gateways and workers rely on, whatever carries the tasks. Each adapter's tests extend this.
///
/// That something does not happen is shown by what happened instead, not by looking for a while.
public abstract class TaskQueueContract {
    protected static final Duration LIMIT = Duration.ofSeconds(20);
    protected static final String MODEL = "model-of-the-contract";

    protected TaskQueue queue;
    protected Topics topics;

    /// A queue without topics.
    protected abstract TaskQueue open();

    /// The topics of the queue that was opened last.
    protected abstract Topics topics();

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

    protected Task publish() {
        var task = SampleTasks.task(MODEL);
        queue.publish(task).toCompletableFuture().join();
        return task;
    }

    protected List<UUID> publish(int tasks) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < tasks; i++) {
            ids.add(publish().id());
        }
        return ids;
    }

    protected void awaitDepth(int waiting, int running) {
        var expected = new Depth(waiting, running);
        Await.until(expected.toString(), LIMIT, () -> queue.depth(MODEL).equals(expected));
    }

    @Test
    void taskArrivesAsItWasPublished() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);

        var task = publish();
        var delivered = worker.next().task();
        assertThat(delivered).usingRecursiveComparison().isEqualTo(task);
    }

    @Test
    void eachTaskIsDeliveredOnce() {
        var worker = new Receiver();
        queue.open(MODEL, 4, worker);

        var published = publish(40);

        assertThat(worker.work(40)).containsExactlyInAnyOrderElementsOf(published);
        awaitDepth(0, 0);
        assertThat(worker.count()).isEqualTo(40);
    }

    @Test
    void taskThatWaitsIsDeliveredWhenTheSlotsOpen() {
        var task = publish();
        awaitDepth(1, 0);

        var worker = new Receiver();
        queue.open(MODEL, 1, worker);

        assertThat(worker.next().task().id()).isEqualTo(task.id());
    }

    @Test
    void workerHasNeverMoreTasksThanSlots() {
        var worker = new Receiver();
        queue.open(MODEL, 3, worker);
        publish(30);
        worker.awaitCount(3);
        awaitDepth(27, 3);

        worker.work(30);
        assertThat(worker.mostRunning()).isEqualTo(3);
    }

    @Test
    void ackFreesTheSlotForTheNextTask() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        var published = publish(2);

        var first = worker.next();
        awaitDepth(1, 1);
        worker.ack(first);
        var second = worker.next();
        assertThat(List.of(first.task().id(), second.task().id())).isEqualTo(published);
        assertThat(worker.mostRunning()).isEqualTo(1);
    }

    @Test
    void oneSlotWorksInTheOrderOfPublication() {
        var published = publish(20);
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);

        assertThat(worker.work(20)).isEqualTo(published);
    }

    @Test
    void taskThatIsHandedBackComesAgainAfterItsBackoffAndNotBefore() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        var task = publish();
        var backoff = Duration.ofMillis(120);

        var first = worker.next();
        long handedBack = System.nanoTime();
        worker.later(first, backoff);
        var second = worker.next();

        assertThat(second.task()).usingRecursiveComparison().isEqualTo(task);
        long waited = worker.arrivals().get(1).at() - handedBack;
        assertThat(Duration.ofNanos(waited)).isGreaterThanOrEqualTo(backoff);
    }

    @Test
    void taskThatRestsStillCounts() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish(2);

        worker.later(worker.next(), Duration.ofSeconds(60));
        worker.work(1);

        Await.until("only the resting one is left", LIMIT, () -> left() == 1);
    }

    private int left() {
        var depth = queue.depth(MODEL);
        return depth.waiting() + depth.running();
    }

    @Test
    void slotOfATaskThatRestsTakesAnother() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        var published = publish(2);

        worker.later(worker.next(), Duration.ofSeconds(60));

        assertThat(worker.next().task().id()).isEqualTo(published.get(1));
    }

    @Test
    void secondEndOfADeliveryDoesNothing() {
        var worker = new Receiver();
        queue.open(MODEL, 1, worker);
        publish(3);
        var first = worker.next();

        worker.ack(first);
        first.ack();
        first.later(Duration.ZERO);
        var second = worker.next();
        worker.later(second, Duration.ZERO);
        second.later(Duration.ZERO);
        second.ack();

        worker.work(2);
        awaitDepth(0, 0);
        assertThat(worker.mostRunning()).isEqualTo(1);
        assertThat(worker.count()).isEqualTo(4);
    }

    @Test
    void poolsOfOneModelShareItsWork() {
        var one = new Receiver();
        var other = new Receiver();
        queue.open(MODEL, 2, one);
        queue.open(MODEL, 2, other);

        var published = publish(4);
        one.awaitCount(2);
        other.awaitCount(2);
        var delivered = new ArrayList<>(one.work(2));
        delivered.addAll(other.work(2));

        assertThat(delivered).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void workerThatJoinsLateGetsWhatWaits() {
        var early = new Receiver();
        queue.open(MODEL, 2, early);
        publish(6);
        early.awaitCount(2);

        var late = new Receiver();
        queue.open(MODEL, 2, late);
        late.awaitCount(2);

        assertThat(early.count()).isEqualTo(2);
        awaitDepth(2, 4);
    }

    @Test
    void fewerSlotsLetRunningTasksFinish() {
        var worker = new Receiver();
        var slots = queue.open(MODEL, 2, worker);
        publish(4);
        worker.awaitCount(2);

        slots.resize(1);
        worker.work(1);
        awaitDepth(2, 1);
        assertThat(worker.count()).isEqualTo(2);

        worker.work(3);
        awaitDepth(0, 0);
    }

    @Test
    void idleSlotsCloseAtOnce() {
        var worker = new Receiver();
        var other = new Receiver();
        var slots = queue.open(MODEL, 2, worker);
        slots.resize(0);
        queue.open(MODEL, 1, other);

        publish(3);
        other.work(3);

        assertThat(worker.count()).isZero();
    }

    @Test
    void moreSlotsTakeWhatWaits() {
        var worker = new Receiver();
        var slots = queue.open(MODEL, 0, worker);
        publish(3);
        awaitDepth(3, 0);

        slots.resize(2);
        worker.awaitCount(2);
        awaitDepth(1, 2);
    }

    @Test
    void closedSlotsGetNothingAndTheirRunningTasksCanBeEnded() {
        var closing = new Receiver();
        var slots = queue.open(MODEL, 2, closing);
        var published = publish(4);
        var first = closing.next();
        var second = closing.next();

        slots.close();
        closing.ack(first);
        closing.later(second, Duration.ZERO);
        var other = new Receiver();
        queue.open(MODEL, 4, other);

        assertThat(other.work(3))
                .containsExactlyInAnyOrderElementsOf(
                        published.stream().filter(id -> !id.equals(first.task().id())).toList());
        assertThat(closing.count()).isEqualTo(2);
        awaitDepth(0, 0);
    }

    @Test
    void withdrawnTaskDoesNotHoldUpTheOthers() {
        var published = List.of(publish(), publish(), publish());

        queue.withdraw(published.get(0));
        queue.withdraw(SampleTasks.task(MODEL));
        var worker = new Receiver();
        queue.open(MODEL, 3, worker);
        var delivered = new HashSet<UUID>();
        while (!delivered.contains(published.get(1).id())
                || !delivered.contains(published.get(2).id())) {
            delivered.addAll(worker.work(1));
        }
        awaitDepth(0, 0);
    }

    @Test
    void placeInTheQueueIsRightWhereItIsKnown() {
        var first = publish();
        var second = publish();

        assertThat(queue.ahead(first)).isIn(OptionalInt.empty(), OptionalInt.of(0));
        assertThat(queue.ahead(second)).isIn(OptionalInt.empty(), OptionalInt.of(1));
        assertThat(queue.ahead(SampleTasks.task(MODEL))).isEmpty();
    }

    @Test
    void publishingWithoutATopicFails() {
        var task = SampleTasks.task("unknown-model");

        assertThatThrownBy(() -> queue.publish(task).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(QueueException.class);
        assertThat(queue.depth("unknown-model")).isEqualTo(new Depth(0, 0));
        assertThat(queue.ahead(task)).isEmpty();
        queue.withdraw(task);
    }

    @Test
    void makingATopicAgainKeepsItsTasks() {
        publish();

        topics.createTopic(MODEL);

        awaitDepth(1, 0);
    }

    @Test
    void deletedTopicTakesItsTasksAlong() {
        publish(3);

        topics.deleteTopic(MODEL);
        topics.createTopic(MODEL);
        var worker = new Receiver();
        queue.open(MODEL, 3, worker);
        var task = publish();

        assertThat(worker.next().task().id()).isEqualTo(task.id());
        awaitDepth(0, 1);
    }

    @Test
    void modelsDoNotMeet() {
        topics.createTopic("another-model");
        var worker = new Receiver();
        var other = new Receiver();
        queue.open(MODEL, 2, worker);
        queue.open("another-model", 2, other);

        var published = publish(2);
        worker.work(2);

        assertThat(worker.arrivals().stream().map(arrival -> arrival.task().id()))
                .containsExactlyInAnyOrderElementsOf(published);
        assertThat(other.count()).isZero();
    }

    @Test
    void deadTasksAcknowledgedInsideTheHandlerDoNotPileUp() {
        int tasks = deadTasks();
        publish(tasks);
        var seen = new Receiver();

        queue.open(
                MODEL,
                1,
                delivery -> {
                    seen.accept(delivery);
                    delivery.ack();
                });

        seen.awaitCount(tasks);
        awaitDepth(0, 0);
        assertThat(seen.count()).isEqualTo(tasks);
    }

    /// Enough to overflow a stack, were one delivery inside the other.
    protected int deadTasks() {
        return 10_000;
    }
}
