// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.queue.TaskQueue;
import io.uplion.task.Task;
import io.uplion.worker.LoopExecutor;
import io.vertx.core.Vertx;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// A queue as a worker in another process has it: nothing comes on a gateway's thread.
record Apart(TaskQueue queue, LoopExecutor loops) implements TaskQueue {
    Apart(TaskQueue queue, Vertx worker) {
        this(queue, new LoopExecutor(worker));
    }

    @Override
    public CompletionStage<Void> publish(Task task) {
        throw new UnsupportedOperationException("a worker publishes no tasks");
    }

    @Override
    public void withdraw(Task task) {
        throw new UnsupportedOperationException("a worker withdraws no tasks");
    }

    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        return queue.open(
                model, slots, delivery -> loops.execute(() -> onDelivery.accept(delivery)));
    }

    @Override
    public Depth depth(String model) {
        return queue.depth(model);
    }

    @Override
    public OptionalInt ahead(Task task) {
        return queue.ahead(task);
    }

    @Override
    public void close() {
        queue.close();
    }
}
