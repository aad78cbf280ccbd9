// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.task.Task;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// The queue of the laptop form: everything in one process, in memory.
///
/// A published task that finds a free slot is delivered on the publisher's own thread, so that a
/// request stays on one event loop from the client to the provider. Other deliveries go through the
/// executor: a slot that frees itself while it is being filled must not recurse.
public final class InProcessQueue implements TaskQueue, Topics {
    private static final CompletionStage<Void> KEPT = CompletableFuture.completedFuture(null);

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final Executor deliveries;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("queue-timer").daemon().factory());

    /// @param deliveries runs deliveries that are not made on a publisher's thread
    public InProcessQueue(Executor deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public void createTopic(String model) {
        topics.computeIfAbsent(model, name -> new Topic(name, deliveries, timer));
    }

    @Override
    public void deleteTopic(String model) {
        Topic topic = topics.remove(model);
        if (topic != null) {
            topic.remove();
        }
    }

    @Override
    public CompletionStage<Void> publish(Task task) {
        Topic topic = topics.get(task.model());
        boolean kept = topic != null && topic.publish(task);
        return kept ? KEPT : CompletableFuture.failedFuture(noTopic(task.model()));
    }

    @Override
    public void withdraw(Task task) {
        Topic topic = topics.get(task.model());
        if (topic != null) {
            topic.withdraw(task.id());
        }
    }

    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        Topic topic = topics.get(model);
        if (topic == null) {
            throw noTopic(model);
        }
        return topic.open(slots, onDelivery);
    }

    @Override
    public Depth depth(String model) {
        Topic topic = topics.get(model);
        return topic == null ? new Depth(0, 0) : topic.depth();
    }

    @Override
    public OptionalInt ahead(Task task) {
        Topic topic = topics.get(task.model());
        return topic == null ? OptionalInt.empty() : topic.ahead(task.id());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        topics.values().forEach(Topic::remove);
        topics.clear();
    }

    private static QueueException noTopic(String model) {
        return new QueueException("the model " + model + " has no topic");
    }
}
