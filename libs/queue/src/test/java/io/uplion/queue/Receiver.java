// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A worker of a test: keeps what it is given until the test says what to do with it.
public final class Receiver implements Consumer<Delivery> {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final BlockingQueue<Delivery> held = new LinkedBlockingQueue<>();
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private int running;
    private int mostRunning;

    /// @param at by [System#nanoTime]
    public record Arrival(Task task, long at) {}

    @Override
    public void accept(Delivery delivery) {
        arrivals.add(new Arrival(delivery.task(), System.nanoTime()));
        synchronized (this) {
            running++;
            mostRunning = Math.max(mostRunning, running);
        }
        held.add(delivery);
    }

    /// The next delivery that nobody has taken yet.
    public Delivery next() {
        try {
            var delivery = held.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (delivery == null) {
                throw new AssertionError("Nothing was delivered within " + LIMIT);
            }
            return delivery;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    public void ack(Delivery delivery) {
        left();
        delivery.ack();
    }

    public void later(Delivery delivery, Duration backoff) {
        left();
        delivery.later(backoff);
    }

    /// Takes and acknowledges so many deliveries, one after the other.
    public List<UUID> work(int deliveries) {
        var done = new ArrayList<UUID>();
        for (int i = 0; i < deliveries; i++) {
            var delivery = next();
            done.add(delivery.task().id());
            ack(delivery);
        }
        return done;
    }

    private synchronized void left() {
        running--;
    }

    public synchronized int mostRunning() {
        return mostRunning;
    }

    public List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    public int count() {
        return arrivals.size();
    }

    public void awaitCount(int deliveries) {
        Await.until(deliveries + " deliveries", LIMIT, () -> count() >= deliveries);
    }
}
