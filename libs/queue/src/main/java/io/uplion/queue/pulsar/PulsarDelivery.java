// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.Consumer;

/// A message in a slot. Nothing here blocks but [#awaitEnd].
final class PulsarDelivery implements Delivery {
    private final Task task;
    private final Known.Carried carried;
    private final Consumer<byte[]> consumer;
    private final Known known;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch end = new CountDownLatch(1);

    PulsarDelivery(Task task, Known.Carried carried, Consumer<byte[]> consumer, Known known) {
        this.task = task;
        this.carried = carried;
        this.consumer = consumer;
        this.known = known;
    }

    @Override
    public Task task() {
        return task;
    }

    /// Where the connection is broken the acknowledgement is lost, and the task comes again;
    /// [Known] or its gateway sees that it is over.
    @Override
    public void ack() {
        if (ended.compareAndSet(false, true)) {
            known.acknowledged(task.id());
            consumer.acknowledgeAsync(carried.message());
            end.countDown();
        }
    }

    @Override
    public void later(Duration backoff) {
        if (ended.compareAndSet(false, true)) {
            known.handedBack(carried, backoff);
            end.countDown();
        }
    }

    /// Whatever happens to the thread in between: a task that runs keeps its slot.
    void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                end.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
