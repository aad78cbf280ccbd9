// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.queue.TaskQueue;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/// A queue that keeps what is published; the test is the worker.
public final class FakeQueue implements TaskQueue {
    private final BlockingQueue<Task> published = new LinkedBlockingQueue<>();
    private final Map<UUID, Context> loops = new ConcurrentHashMap<>();
    private final List<UUID> withdrawn = new CopyOnWriteArrayList<>();
    private volatile boolean broken;
    private volatile Depth depth = new Depth(0, 0);
    private volatile OptionalInt ahead = OptionalInt.empty();

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

    public void breakDown(boolean down) {
        broken = down;
    }

    public void waiting(int tasks) {
        depth = new Depth(tasks, 0);
    }

    public void place(int before) {
        ahead = OptionalInt.of(before);
    }

    @Override
    public CompletionStage<Void> publish(Task task) {
        if (broken) {
            return CompletableFuture.failedFuture(new QueueException("the broker is down"));
        }
        var loop = Vertx.currentContext();
        if (loop == null) {
            throw new AssertionError("not on an event loop");
        }
        loops.put(task.id(), loop);
        published.add(task);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void withdraw(Task task) {
        withdrawn.add(task.id());
    }

    @Override
    public Depth depth(String model) {
        return depth;
    }

    @Override
    public OptionalInt ahead(Task task) {
        return ahead;
    }

    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        throw new UnsupportedOperationException("the gateway opens no slots");
    }

    @Override
    public void close() {}
}
