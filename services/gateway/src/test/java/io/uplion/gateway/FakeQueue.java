// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.queue.InProcessQueue;
import io.uplion.queue.TaskQueue;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The real queue in process, whose one worker is the test; it can also break down, and claim a
/// depth and places that would take many requests to bring about.
public final class FakeQueue implements TaskQueue {
    private static final int SLOTS = 100_000;

    private final InProcessQueue kept = new InProcessQueue(Runnable::run);
    private final BlockingQueue<Task> published = new LinkedBlockingQueue<>();
    private final Map<UUID, Context> loops = new ConcurrentHashMap<>();
    private final List<UUID> withdrawn = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> silent = new CopyOnWriteArrayList<>();
    private volatile boolean broken;
    private volatile boolean mute;
    private volatile Optional<Depth> depth = Optional.empty();
    private volatile OptionalInt ahead = OptionalInt.empty();

    public FakeQueue(String model) {
        kept.createTopic(model);
        kept.open(model, SLOTS, delivery -> published.add(delivery.task()));
    }

    /// The next task that was published.
    public Task next() {
        try {
            var task = published.poll(10, TimeUnit.SECONDS);
            if (task == null) {
                throw new AssertionError("No task was published");
            }
            return task;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// Waits until the client's event loop has done all that was asked of it before.
    public void settle(Task task) {
        var done = new CompletableFuture<Void>();
        loops.get(task.id()).runOnContext(_ -> done.complete(null));
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    public void awaitWithdrawn(Task task) {
        Await.until(
                "the task is withdrawn",
                Duration.ofSeconds(10),
                () -> withdrawn.contains(task.id()));
    }

    public boolean isEmpty() {
        return published.isEmpty();
    }

    public void breakDown() {
        broken = true;
    }

    public void recover() {
        broken = false;
        mute = false;
    }

    /// From now on nothing is said of what is published.
    public void fallSilent() {
        mute = true;
    }

    /// So many tasks have been published since, and each of them is given up now.
    public void giveUp(int tasks) {
        Await.until("they are published", Duration.ofSeconds(10), () -> silent.size() >= tasks);
        for (var one : List.copyOf(silent)) {
            silent.remove(one);
            one.completeExceptionally(new QueueException("the broker is silent"));
        }
    }

    public void waiting(int tasks) {
        depth = Optional.of(new Depth(tasks, 0));
    }

    public void place(int before) {
        ahead = OptionalInt.of(before);
    }

    @Override
    public CompletionStage<Void> publish(Task task) {
        if (broken) {
            return CompletableFuture.failedFuture(new QueueException("the broker is down"));
        }
        if (mute) {
            var receipt = new CompletableFuture<Void>();
            silent.add(receipt);
            return receipt;
        }
        var loop = Vertx.currentContext();
        if (loop == null) {
            throw new AssertionError("not on an event loop");
        }
        loops.put(task.id(), loop);
        return kept.publish(task);
    }

    @Override
    public void withdraw(Task task) {
        kept.withdraw(task);
        withdrawn.add(task.id());
    }

    @Override
    public Depth depth(String model) {
        return depth.orElseGet(() -> kept.depth(model));
    }

    @Override
    public OptionalInt ahead(Task task) {
        return ahead.isPresent() ? ahead : kept.ahead(task);
    }

    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        return kept.open(model, slots, onDelivery);
    }

    @Override
    public void close() {
        kept.close();
    }
}
