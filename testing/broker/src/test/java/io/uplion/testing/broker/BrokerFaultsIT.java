// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.TopicName;
import io.uplion.queue.Receiver;
import io.uplion.queue.SampleTasks;
import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What workers and gateways go through when a broker moves a topic, stops, or is killed.
class BrokerFaultsIT {
    private static final String MODEL = "model-of-the-faults";
    private static final String TOPIC = "uplion/tasks/" + TopicName.of(MODEL);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SLOTS = 64;

    private LocalBroker broker;
    private Rig rig;

    @BeforeEach
    void open() {
        broker = LocalBroker.shared();
        rig = Rig.shared(broker);
        rig.topics.prepare();
        rig.topics.deleteTopic(MODEL);
        rig.topics.createTopic(MODEL);
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    private Task publish() {
        var task = SampleTasks.task(MODEL);
        rig.tasks.publish(task).toCompletableFuture().join();
        return task;
    }

    private List<UUID> publish(int tasks) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < tasks; i++) {
            ids.add(publish().id());
        }
        return ids;
    }

    private void awaitSlots(int slots) {
        Await.until(slots + " slots at the broker", LIMIT, () -> consumers() == slots);
    }

    private int consumers() {
        var state = rig.statistics().poll(List.of(MODEL)).get(MODEL);
        return state == null ? 0 : state.consumers();
    }

    private void awaitDepth(int waiting, int running) {
        var expected = new Depth(waiting, running);
        Await.until(expected.toString(), LIMIT, () -> rig.tasks.depth(MODEL).equals(expected));
    }

    private void everySlotStillGetsATask(Receiver worker) {
        publish(SLOTS);
        worker.awaitCount(SLOTS);
        worker.work(SLOTS);
        awaitDepth(0, 0);
        assertThat(worker.mostRunning()).isEqualTo(SLOTS);
    }

    @Test
    void everyIdleSlotStillGetsATaskAfterItsTopicWasUnloaded() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, SLOTS, worker);
        awaitSlots(SLOTS);

        broker.unload(TOPIC);

        everySlotStillGetsATask(worker);
    }

    @Test
    void everyIdleSlotStillGetsATaskAfterTheBrokerWasKilled() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, SLOTS, worker);
        awaitSlots(SLOTS);

        broker.killAndAwait();

        everySlotStillGetsATask(worker);
    }

    @Test
    void runningTasksOutliveTheBrokerAndNoneRunsTwice() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, 4, worker);
        var published = publish(8);
        var first = List.of(worker.next(), worker.next(), worker.next(), worker.next());

        broker.restart();
        first.forEach(worker::ack);
        worker.work(4);

        awaitDepth(0, 0);
        assertThat(worker.arrivals().stream().map(arrival -> arrival.task().id()))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    /// The broker writes acknowledgements down every few seconds only.
    @Test
    void acknowledgedTaskDoesNotRunAgainInThisProcessWhenTheBrokerForgetsItsAcknowledgement() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, 2, worker);
        publish(20);
        worker.work(20);
        awaitDepth(0, 0);

        broker.killAndAwait();
        var next = publish();

        assertThat(worker.next().task().id()).isEqualTo(next.id());
        awaitDepth(0, 1);
        assertThat(worker.count()).isEqualTo(21);
    }

    @Test
    void publishingWithoutABrokerFailsSoonAndWhatWasKeptStays() {
        var kept = publish(20);
        broker.kill();

        var start = System.nanoTime();
        var refused = new ArrayList<Task>();
        for (int i = 0; i < 3; i++) {
            var task = SampleTasks.task(MODEL);
            refused.add(task);
            assertThatThrownBy(() -> rig.tasks.publish(task).toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(QueueException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start).dividedBy(3))
                .isLessThan(Duration.ofMillis(5_500));
        broker.start();

        var worker = new Receiver();
        rig.tasks.open(MODEL, 4, worker);
        var done = new HashSet<>(worker.work(20));
        assertThat(done).containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void publishingGoesOnByItselfWhenTheBrokerIsBack() {
        publish();

        broker.killAndAwait();

        publish();
        awaitDepth(2, 0);
    }

    @Test
    void slotsThatWereOpenedWithoutABrokerFindIt() {
        publish();
        broker.kill();
        try (var later = new Rig(broker)) {
            var worker = new Receiver();
            later.tasks.open(MODEL, 2, worker);
            broker.start();

            worker.work(1);
        }
    }

    @Test
    void slotsFindATopicThatIsMadeLater() {
        rig.topics.deleteTopic(MODEL);
        var worker = new Receiver();
        rig.tasks.open(MODEL, 2, worker);

        rig.topics.createTopic(MODEL);
        publish();

        worker.work(1);
    }

    @Test
    void slotsFindATopicThatWasDeletedAndMadeAgain() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, 2, worker);
        publish();
        worker.work(1);
        awaitSlots(2);

        rig.topics.deleteTopic(MODEL);
        rig.topics.createTopic(MODEL);
        publish(2);

        worker.work(2);
    }

    @Test
    void taskThatIsHeldBackStaysBackWhenTheTopicIsUnloaded() {
        var worker = new Receiver();
        rig.tasks.open(MODEL, 2, worker);
        publish();
        var backoff = Duration.ofSeconds(3);
        var handedBack = System.nanoTime();
        worker.later(worker.next(), backoff);

        broker.unload(TOPIC);
        worker.next();

        var waited = Duration.ofNanos(worker.arrivals().get(1).at() - handedBack);
        assertThat(waited).isBetween(backoff, backoff.plusSeconds(4));
    }

    @Test
    void tasksOfAKilledWorkerGoToAnotherWithinTwoSeconds() throws Exception {
        var published = publish(4);
        try (var other = WorkerProcess.start(broker, MODEL, 4)) {
            other.awaitTasks(4);
            var worker = new Receiver();
            rig.tasks.open(MODEL, 4, worker);
            awaitSlots(8);

            var killed = System.nanoTime();
            other.kill();
            worker.awaitCount(4);

            assertThat(Duration.ofNanos(System.nanoTime() - killed))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(worker.work(4)).containsExactlyInAnyOrderElementsOf(published);
        }
    }

    /// A broker that is killed may have taken tasks whose receipts it never sent; it may not have
    /// sent receipts for tasks that it does not have.
    @Test
    void taskWithAReceiptIsThereHoweverTheBrokerEnds() throws Exception {
        Map<UUID, Boolean> kept = new ConcurrentHashMap<>();
        var publisher =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!Thread.currentThread().isInterrupted()) {
                                        publishInto(kept);
                                    }
                                });
        Await.until("some are kept", LIMIT, () -> kept.size() > 200);
        broker.kill();
        broker.start();
        var before = kept.size();
        Await.until("more are kept", LIMIT, () -> kept.size() > before + 100);
        publisher.interrupt();
        publisher.join();

        var seen = ConcurrentHashMap.<UUID>newKeySet();
        rig.tasks.open(MODEL, 8, delivery -> acknowledge(delivery, seen));
        Await.until("all came", LIMIT, () -> seen.containsAll(kept.keySet()));
    }

    private void publishInto(Map<UUID, Boolean> kept) {
        var task = SampleTasks.task(MODEL);
        try {
            rig.tasks.publish(task).toCompletableFuture().join();
            kept.put(task.id(), true);
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(QueueException.class);
        }
    }

    private static void acknowledge(Delivery delivery, Set<UUID> seen) {
        seen.add(delivery.task().id());
        delivery.ack();
    }
}
