// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.task.Task;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tasks on their way from gateways to workers, by model. One contract test holds every adapter.
///
/// A task is delivered at least once until somebody acknowledges it. A worker gets no more tasks
/// than it has slots, and none before a slot is free: nothing waits inside a worker.
public interface TaskQueue extends AutoCloseable {

    /// @return completes when the task is kept; fails with [QueueException] where it is not
    CompletionStage<Void> publish(Task task);

    /// The gateway is done with the task, whether it still waits or not: an adapter that can drop a
    /// waiting task does. Others let the worker find out.
    void withdraw(Task task);

    /// Opens a worker's slots on a model. The topic exists.
    ///
    /// @param onDelivery must not block; runs on the publisher's thread or the queue's
    Slots open(String model, int slots, Consumer<Delivery> onDelivery);

    /// Tasks that are not acknowledged yet, waiting or running.
    Depth depth(String model);

    /// How many tasks stand before this one; nothing where it does not wait (any more), or the
    /// adapter does not know.
    OptionalInt ahead(Task task);

    @Override
    void close();

    /// @param waiting nobody has them
    /// @param running delivered and not acknowledged
    record Depth(int waiting, int running) {}

    /// One task in one slot. Exactly one of the two ends it and frees the slot; a second call does
    /// nothing.
    interface Delivery {
        Task task();

        void ack();

        /// Hands the task back, to be delivered again after a while.
        void later(Duration backoff);
    }

    /// A worker's slots on one topic.
    interface Slots extends AutoCloseable {
        /// Fewer slots close as they become idle.
        void resize(int slots);

        /// Whether each slot has a task or can be given one now.
        boolean areOpen();

        /// No more deliveries; running ones may still be ended.
        @Override
        void close();
    }

    /// The queue could not keep or move a task.
    final class QueueException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public QueueException(String message) {
            super(message);
        }

        public QueueException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
