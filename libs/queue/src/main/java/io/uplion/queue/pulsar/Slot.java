// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.pulsar.Known.Carried;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One slot: a virtual thread with a consumer of its own that asks for a message, waits until its
/// task has ended, and asks for the next.
///
/// A consumer without a queue holds nothing in store, and its blocking `receive` asks again after a
/// reconnection, which `receiveAsync` does not.
final class Slot implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(5);

    private final PulsarSlots slots;
    private final Thread thread;
    private Duration pause = FIRST_PAUSE;
    private volatile @Nullable Consumer<byte[]> consumer;

    Slot(PulsarSlots slots) {
        this.slots = slots;
        this.thread = Thread.ofVirtual().name("slot").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /// Leaves off waiting: for a message, a broker, or the end of a pause.
    void interrupt() {
        thread.interrupt();
    }

    /// Whoever ends its task afterwards does so in vain.
    void abandon() {
        Consumer<byte[]> current = consumer;
        if (current != null) {
            current.closeAsync();
        }
    }

    /// Whether its consumer is there and has the broker.
    boolean isReached() {
        Consumer<byte[]> current = consumer;
        return current != null && current.isConnected();
    }

    /// Whether its consumer is there and has lost the broker.
    boolean isCutOff() {
        Consumer<byte[]> current = consumer;
        return current != null && !current.isConnected();
    }

    @Override
    public void run() {
        while (slots.has(this)) {
            try {
                subscribe().ifPresentOrElse(this::use, this::rest);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a slot begins anew");
                rest();
            }
        }
    }

    private void use(Consumer<byte[]> open) {
        pause = FIRST_PAUSE;
        consumer = open;
        try {
            pull(open);
        } finally {
            consumer = null;
            // What it was given and has not acknowledged goes to others.
            open.closeAsync();
        }
    }

    /// Until the slot is closed or the consumer has become useless. One that has been cut off is
    /// replaced at the next occasion: a message that came twice around the reconnection may lie in
    /// it unseen.
    private void pull(Consumer<byte[]> from) {
        try {
            do {
                Message<byte[]> message = from.receive();
                if (!slots.begin(this)) {
                    return;
                }
                take(message, from);
            } while (slots.end(this) && from.getLastDisconnectedTimestamp() == 0);
        } catch (PulsarClientException e) {
            LOG.atDebug().setCause(e).log("a slot stops receiving");
        }
    }

    private void take(Message<byte[]> message, Consumer<byte[]> from) {
        MessageId id = message.getMessageId();
        Optional<Task> read = read(message);
        if (read.isEmpty()) {
            from.acknowledgeAsync(id);
            return;
        }
        Task task = read.get();
        Carried carried = new Carried(task.id(), id, () -> from.negativeAcknowledge(id));
        switch (slots.known().arrived(carried)) {
            case PASS_OVER -> {}
            case ACKNOWLEDGE -> from.acknowledgeAsync(id);
            case DELIVER -> deliver(new PulsarDelivery(task, carried, from, slots.known()));
        }
    }

    private static Optional<Task> read(Message<byte[]> message) {
        try {
            return Optional.of(TaskMessage.read(message.getData()));
        } catch (MalformedMessageException e) {
            LOG.atError()
                    .addKeyValue("topic", message.getTopicName())
                    .addKeyValue("message", message.getMessageId())
                    .log("a message is no task and was dropped: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void deliver(PulsarDelivery delivery) {
        try {
            slots.deliveries().execute(() -> hand(delivery));
        } catch (RejectedExecutionException e) {
            delivery.later(Duration.ZERO);
        }
        delivery.awaitEnd();
    }

    private void hand(PulsarDelivery delivery) {
        try {
            slots.onDelivery().accept(delivery);
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("request", delivery.task().requestId())
                    .log("a task could not be begun and was handed back");
            delivery.later(AFTER_A_BUG);
        }
    }

    private Optional<Consumer<byte[]>> subscribe() {
        CompletableFuture<Consumer<byte[]>> subscribing = slots.subscribe();
        try {
            Consumer<byte[]> open = subscribing.get();
            slots.reached();
            return Optional.of(open);
        } catch (ExecutionException e) {
            slots.unreached(e);
        } catch (InterruptedException e) {
            subscribing.thenAccept(Consumer::closeAsync);
        }
        return Optional.empty();
    }

    private void rest() {
        try {
            // Not all slots at the same moment.
            long millis = pause.toMillis();
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
        } catch (InterruptedException e) {
            return;
        }
        Duration next = pause.multipliedBy(2);
        pause =
                next.compareTo(PulsarConnection.LONGEST_PAUSE) < 0
                        ? next
                        : PulsarConnection.LONGEST_PAUSE;
    }
}
