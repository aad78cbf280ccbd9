// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue;
import io.uplion.queue.TopicState;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.jspecify.annotations.Nullable;

/// The queue of the distributed form: a persistent topic for each model, shared by its workers.
///
/// Topics are made by [PulsarTopics]; here a topic that is missing is an error of the publisher's,
/// and something that slots wait for.
public final class PulsarTasks implements TaskQueue {
    /// Of a body that a task carries: what a broker takes in one message, less the room for the
    /// rest of the task.
    public static final int MAX_BODY_BYTES = (5 << 20) - (64 << 10);

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);

    private final PulsarConnection connection;
    private final Executor deliveries;
    private final Function<String, Optional<TopicState>> statistics;
    private final Senders senders;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("pulsar-timer").daemon().factory());
    private final Known known = new Known(timer);
    private final Set<PulsarSlots> opened = ConcurrentHashMap.newKeySet();
    private final Map<UUID, Place> published = new ConcurrentHashMap<>();

    /// Where a message is in its topic.
    private record Place(long ledger, long entry) {
        private static final Place UNKNOWN = new Place(-1, -1);
    }

    /// @param deliveries runs what is done with a delivery
    /// @param statistics the last known state of a model's topic; must not block
    public PulsarTasks(
            PulsarConnection connection,
            Executor deliveries,
            Function<String, Optional<TopicState>> statistics) {
        this.connection = connection;
        this.deliveries = deliveries;
        this.statistics = statistics;
        this.senders = new Senders(connection, PUBLISH_TIMEOUT, false);
        timer.setRemoveOnCancelPolicy(true);
        timer.scheduleWithFixedDelay(
                () -> opened.removeIf(slots -> !slots.check()), 1, 1, TimeUnit.SECONDS);
    }

    /// Completes on a thread of the client library.
    @Override
    public CompletionStage<Void> publish(Task task) {
        published.put(task.id(), Place.UNKNOWN);
        return senders.send(Names.tasks(task.model()), TaskMessage.write(task))
                .whenComplete((_, failure) -> dropFailed(task, failure))
                .thenAccept(id -> published.computeIfPresent(task.id(), (_, _) -> place(id)));
    }

    private void dropFailed(Task task, @Nullable Throwable failure) {
        if (failure != null) {
            published.remove(task.id());
        }
    }

    private static Place place(MessageId id) {
        return id instanceof MessageIdAdv known
                ? new Place(known.getLedgerId(), known.getEntryId())
                : Place.UNKNOWN;
    }

    /// The broker keeps a message until somebody acknowledges it, so a worker finds out.
    @Override
    public void withdraw(Task task) {
        published.remove(task.id());
    }

    /// Returns at once; the slots find their topic as soon as there is one.
    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        PulsarSlots open =
                new PulsarSlots(Names.tasks(model), connection, known, deliveries, onDelivery);
        opened.add(open);
        open.resize(slots);
        return open;
    }

    @Override
    public Depth depth(String model) {
        return statistics.apply(model).map(TopicState::depth).orElse(new Depth(0, 0));
    }

    @Override
    public OptionalInt ahead(Task task) {
        Place place = published.get(task.id());
        if (place == null || place.equals(Place.UNKNOWN)) {
            return OptionalInt.empty();
        }
        return statistics
                .apply(task.model())
                .map(state -> state.ahead(place.ledger(), place.entry()))
                .orElse(OptionalInt.empty());
    }

    /// Gives back what still runs. The connection stays.
    @Override
    public void close() {
        opened.forEach(PulsarSlots::abandon);
        timer.shutdownNow();
        senders.close();
    }
}
