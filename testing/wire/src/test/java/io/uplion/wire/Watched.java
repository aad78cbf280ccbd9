// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.queue.TaskQueue;
import io.uplion.task.Task;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// A queue that tells which tasks went through it.
record Watched(TaskQueue queue, List<Task> published) implements TaskQueue {
    @Override
    public CompletionStage<Void> publish(Task task) {
        published.add(task);
        return queue.publish(task);
    }

    @Override
    public void withdraw(Task task) {
        queue.withdraw(task);
    }

    @Override
    public Slots open(String model, int slots, Consumer<Delivery> onDelivery) {
        return queue.open(model, slots, onDelivery);
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
