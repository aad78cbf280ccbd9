// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Depth;
import io.uplion.queue.TaskQueue.Slots;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The waiting tasks of one model and the slots that pull them. The lock guards all of it; handlers
/// are called without it.
final class Topic {
    private final String model;
    private final Executor deliveries;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<UUID, Task> waiting = new LinkedHashMap<>();
    private final List<PoolSlots> pools = new ArrayList<>();

    /// Handed back, and not to be delivered before their time.
    private final Set<UUID> resting = new HashSet<>();

    private int nextPool;
    private int running;
    private boolean gone;

    Topic(String model, Executor deliveries, ScheduledExecutorService timer) {
        this.model = model;
        this.deliveries = deliveries;
        this.timer = timer;
    }

    /// @return false where the topic has been taken away in the meantime
    boolean publish(Task task) {
        PoolSlots pool;
        lock.lock();
        try {
            if (gone) {
                return false;
            }
            pool = waiting.isEmpty() ? takeFreeSlot() : null;
            if (pool == null) {
                waiting.putLast(task.id(), task);
            }
        } finally {
            lock.unlock();
        }
        if (pool != null) {
            pool.onDelivery.accept(new SlotDelivery(task, pool));
        }
        return true;
    }

    void withdraw(UUID task) {
        lock.lock();
        try {
            waiting.remove(task);
            resting.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /// Takes every task along, also those that are handed back later.
    void remove() {
        lock.lock();
        try {
            gone = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    Slots open(int slots, Consumer<Delivery> onDelivery) {
        PoolSlots pool = new PoolSlots(onDelivery);
        lock.lock();
        try {
            pools.add(pool);
        } finally {
            lock.unlock();
        }
        pool.resize(slots);
        return pool;
    }

    Depth depth() {
        lock.lock();
        try {
            return new Depth(waiting.size() + resting.size(), running);
        } finally {
            lock.unlock();
        }
    }

    OptionalInt ahead(UUID task) {
        lock.lock();
        try {
            int before = 0;
            for (UUID other : waiting.sequencedKeySet()) {
                if (other.equals(task)) {
                    return OptionalInt.of(before);
                }
                before++;
            }
            return OptionalInt.empty();
        } finally {
            lock.unlock();
        }
    }

    /// In turn, so that pools of one model share its work.
    private @Nullable PoolSlots takeFreeSlot() {
        for (int i = 0; i < pools.size(); i++) {
            PoolSlots pool = pools.get((nextPool + i) % pools.size());
            if (pool.busy < pool.slots) {
                nextPool = (nextPool + i + 1) % pools.size();
                pool.busy++;
                running++;
                return pool;
            }
        }
        return null;
    }

    /// Fills free slots from the waiting tasks.
    private void pump() {
        while (true) {
            Task task;
            PoolSlots pool;
            lock.lock();
            try {
                pool = waiting.isEmpty() ? null : takeFreeSlot();
                if (pool == null) {
                    return;
                }
                task = waiting.pollFirstEntry().getValue();
            } finally {
                lock.unlock();
            }
            deliver(task, pool);
        }
    }

    private void deliver(Task task, PoolSlots pool) {
        deliveries.execute(() -> pool.onDelivery.accept(new SlotDelivery(task, pool)));
    }

    private void handBack(Task task, Duration backoff) {
        lock.lock();
        try {
            resting.add(task.id());
        } finally {
            lock.unlock();
        }
        try {
            timer.schedule(() -> wake(task), backoff.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: nobody will pull again.
        }
    }

    /// A task that was handed back is older than those that wait.
    private void wake(Task task) {
        lock.lock();
        try {
            boolean wanted = resting.remove(task.id());
            if (gone || !wanted) {
                return;
            }
            waiting.putFirst(task.id(), task);
        } finally {
            lock.unlock();
        }
        pump();
    }

    @Override
    public String toString() {
        return "Topic[" + model + "]";
    }

    private final class PoolSlots implements Slots {
        private final Consumer<Delivery> onDelivery;
        private int slots;
        private int busy;

        PoolSlots(Consumer<Delivery> onDelivery) {
            this.onDelivery = onDelivery;
        }

        @Override
        public void resize(int wanted) {
            lock.lock();
            try {
                slots = wanted;
            } finally {
                lock.unlock();
            }
            pump();
        }

        @Override
        public boolean areOpen() {
            return true;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                slots = 0;
                pools.remove(this);
            } finally {
                lock.unlock();
            }
        }

        private void release() {
            boolean more;
            lock.lock();
            try {
                busy--;
                running--;
                more = !waiting.isEmpty();
            } finally {
                lock.unlock();
            }
            if (more) {
                pump();
            }
        }
    }

    private final class SlotDelivery implements Delivery {
        private final Task task;
        private final PoolSlots pool;
        private final AtomicBoolean ended = new AtomicBoolean();

        SlotDelivery(Task task, PoolSlots pool) {
            this.task = task;
            this.pool = pool;
        }

        @Override
        public Task task() {
            return task;
        }

        @Override
        public void ack() {
            if (ended.compareAndSet(false, true)) {
                pool.release();
            }
        }

        @Override
        public void later(Duration backoff) {
            if (ended.compareAndSet(false, true)) {
                handBack(task, backoff);
                pool.release();
            }
        }
    }
}
