// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.queue.TaskQueue.Slots;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// One random course of events on one topic. Publishers and pools do what they like, one step after
/// the other; what comes of it is watched by a [Witness]. What happens follows from the seed alone:
/// how fast a queue is decides only which of its tasks a pool holds by then.
final class Trace implements AutoCloseable {
    private static final int MOST_POOLS = 4;
    private static final int MOST_SLOTS = 3;

    private final List<TaskQueue> processes;
    private final String model;
    private final Random random;
    private final Witness witness;
    private final List<Pool> pools = new ArrayList<>();
    private final List<CompletableFuture<Void>> publishing = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile boolean finishing;

    /// @param processes the first one publishes; pools are spread over all of them
    Trace(List<TaskQueue> processes, String model, Random random, Witness witness) {
        this.processes = processes;
        this.model = model;
        this.random = random;
        this.witness = witness;
    }

    private final class Pool implements Consumer<Delivery> {
        private final List<Delivery> held = new ArrayList<>();
        private final Slots slots;
        private final int process = pools.size() % processes.size();
        private int most;

        Pool(int size) {
            most = size;
            slots = processes.get(process).open(model, size, this);
        }

        @Override
        public void accept(Delivery delivery) {
            synchronized (held) {
                held.add(delivery);
                witness.delivered(delivery.task().id(), process);
                witness.has(held.size(), most);
            }
            if (finishing) {
                endOne(true, 0, Duration.ZERO);
            }
        }

        void resize(int size) {
            synchronized (held) {
                most = Math.max(most, size);
            }
            slots.resize(size);
        }

        /// @param which any number
        /// @return false where it holds none
        boolean endOne(boolean ack, int which, Duration later) {
            Delivery delivery;
            synchronized (held) {
                if (held.isEmpty()) {
                    return false;
                }
                delivery = held.remove(which % held.size());
            }
            var id = delivery.task().id();
            if (ack) {
                note("ack " + id);
                witness.acknowledged(id, process);
                delivery.ack();
            } else {
                note("later " + id);
                witness.handedBack(id, process);
                delivery.later(later);
            }
            return true;
        }
    }

    void note(String event) {
        told.add(event);
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0 -> open();
            case 1 -> close(anyPool());
            case 2 -> resize(anyPool());
            case 3, 4, 5 -> publish();
            case 6 -> end(false);
            default -> end(true);
        }
    }

    private Pool anyPool() {
        return pools.isEmpty() ? null : pools.get(random.nextInt(pools.size()));
    }

    private void open() {
        if (pools.stream().filter(pool -> pool.most > 0).count() < MOST_POOLS) {
            note("open");
            pools.add(new Pool(1 + random.nextInt(MOST_SLOTS)));
        }
    }

    /// What it holds may still be ended.
    private void close(Pool pool) {
        if (random.nextBoolean() && pool != null) {
            note("close");
            pool.slots.close();
        }
    }

    private void resize(Pool pool) {
        if (pool != null) {
            note("resize");
            pool.resize(random.nextInt(MOST_SLOTS + 1));
        }
    }

    private void publish() {
        var task = SampleTasks.task(model);
        note("publish " + task.id());
        witness.published(task.id());
        publishing.add(
                processes
                        .getFirst()
                        .publish(task)
                        .whenComplete((_, failure) -> settle(task.id(), failure))
                        .toCompletableFuture());
    }

    private void settle(UUID task, Throwable failure) {
        if (failure != null) {
            note("not published " + task);
            witness.maybeLost(task);
        }
    }

    private void end(boolean ack) {
        var pool = anyPool();
        int which = random.nextInt(MOST_SLOTS * MOST_SLOTS);
        var later = Duration.ofMillis(random.nextInt(60));
        if (pool != null) {
            pool.endOne(ack, which, later);
        }
    }

    /// Everything that was kept is done in the end.
    void finish(Duration limit) {
        note("finish");
        publishing.forEach(one -> one.exceptionally(_ -> null).join());
        finishing = true;
        pools.add(new Pool(MOST_SLOTS));
        for (var pool : List.copyOf(pools)) {
            while (pool.endOne(true, 0, Duration.ZERO)) {
                // The next.
            }
        }
        Await.until("all tasks are done", limit, () -> witness.unfinished().isEmpty());
    }

    List<String> violations() {
        return witness.violations();
    }

    String told() {
        return "\nleft: " + witness.unfinished() + "\n" + String.join("\n", told);
    }

    @Override
    public void close() {
        pools.forEach(pool -> pool.slots.close());
    }
}
