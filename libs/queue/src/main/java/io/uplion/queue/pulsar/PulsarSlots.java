// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ConsumerBuilder;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The slots of one pool on one topic: which there are, and which are busy. The lock guards the
/// numbers; threads and consumers are touched without it.
final class PulsarSlots implements Slots {
    private static final Logger LOG = LoggerFactory.getLogger(PulsarSlots.class);

    /// So many looks, a second apart, may find an idle slot cut off before it starts anew. A client
    /// library reconnects by itself, but not to a topic that was deleted and made again.
    private static final int PATIENCE = 5;

    private final String topic;
    private final PulsarConnection connection;
    private final Known known;
    private final Executor deliveries;
    private final Consumer<Delivery> onDelivery;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Slot, State> states = new HashMap<>();
    private int wanted;
    private boolean complained;
    private volatile boolean closed;

    private static final class State {
        private boolean busy;
        private int cutOff;
    }

    PulsarSlots(
            String topic,
            PulsarConnection connection,
            Known known,
            Executor deliveries,
            Consumer<Delivery> onDelivery) {
        this.topic = topic;
        this.connection = connection;
        this.known = known;
        this.deliveries = deliveries;
        this.onDelivery = onDelivery;
    }

    Known known() {
        return known;
    }

    Executor deliveries() {
        return deliveries;
    }

    Consumer<Delivery> onDelivery() {
        return onDelivery;
    }

    @Override
    public void resize(int slots) {
        List<Slot> added = new ArrayList<>();
        List<Slot> leaving = new ArrayList<>();
        lock.lock();
        try {
            wanted = slots;
            for (Slot slot : List.copyOf(states.keySet())) {
                State state = states.get(slot);
                if (states.size() > wanted && state != null && !state.busy) {
                    states.remove(slot);
                    leaving.add(slot);
                }
            }
            while (states.size() < wanted) {
                Slot slot = new Slot(this);
                states.put(slot, new State());
                added.add(slot);
            }
        } finally {
            lock.unlock();
        }
        leaving.forEach(Slot::interrupt);
        added.forEach(Slot::start);
    }

    @Override
    public boolean areOpen() {
        lock.lock();
        try {
            return states.entrySet().stream()
                    .allMatch(slot -> slot.getValue().busy || slot.getKey().isReached());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        resize(0);
    }

    /// Also those that run: what they hold goes to other workers at once.
    void abandon() {
        close();
        List<Slot> running;
        lock.lock();
        try {
            running = List.copyOf(states.keySet());
        } finally {
            lock.unlock();
        }
        running.forEach(Slot::abandon);
    }

    boolean has(Slot slot) {
        lock.lock();
        try {
            return states.containsKey(slot);
        } finally {
            lock.unlock();
        }
    }

    /// @return false where the slot was closed while it received
    boolean begin(Slot slot) {
        lock.lock();
        try {
            State state = states.get(slot);
            if (state == null) {
                return false;
            }
            state.busy = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// @return false where there are too many slots: this one closes
    boolean end(Slot slot) {
        lock.lock();
        try {
            State state = states.get(slot);
            if (state == null || states.size() > wanted) {
                states.remove(slot);
                return false;
            }
            state.busy = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Looks for idle slots that have been without a broker for long.
    ///
    /// @return false where there is nothing to look after any more
    boolean check() {
        List<Slot> stuck = new ArrayList<>();
        lock.lock();
        try {
            states.forEach(
                    (slot, state) -> {
                        state.cutOff = !state.busy && slot.isCutOff() ? state.cutOff + 1 : 0;
                        if (state.cutOff >= PATIENCE) {
                            state.cutOff = 0;
                            stuck.add(slot);
                        }
                    });
        } finally {
            lock.unlock();
        }
        stuck.forEach(Slot::interrupt);
        return !closed;
    }

    /// Acknowledgements go out one by one and at once: one that waits to be sent with others is one
    /// that a crash loses.
    CompletableFuture<org.apache.pulsar.client.api.Consumer<byte[]>> subscribe() {
        ConsumerBuilder<byte[]> builder =
                connection
                        .client()
                        .newConsumer()
                        .topic(Names.url(topic))
                        .subscriptionName(Names.WORKERS)
                        .subscriptionType(SubscriptionType.Shared)
                        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                        .receiverQueueSize(0)
                        .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                        .negativeAckRedeliveryDelay(1, TimeUnit.MILLISECONDS)
                        .negativeAckRedeliveryDelayPrecision(1);
        return builder.subscribeAsync();
    }

    void reached() {
        if (complaint(false)) {
            LOG.atInfo().addKeyValue("topic", topic).log("slots are back on their topic");
        }
    }

    /// Once, not for each slot and each attempt.
    void unreached(Throwable cause) {
        if (complaint(true)) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .log("slots cannot reach their topic and go on trying: {}", Reason.of(cause));
        }
    }

    private boolean complaint(boolean now) {
        lock.lock();
        try {
            boolean changes = complained != now;
            complained = now;
            return changes;
        } finally {
            lock.unlock();
        }
    }
}
