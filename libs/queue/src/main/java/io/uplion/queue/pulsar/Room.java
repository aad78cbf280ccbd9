// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.QueueException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Lets large messages be sent only as far as they fit beside each other, in the order they came;
/// the others wait. So something is left of what a connection may hold for whatever is small.
final class Room {
    private final long bytes;
    private final Duration patience;
    private final Queue<Guest> waiting = new ArrayDeque<>();
    private long taken;

    private record Guest(long size, CompletableFuture<Void> turn) {}

    /// @param bytes at once; what is larger goes alone
    /// @param patience to wait for a turn
    Room(long bytes, Duration patience) {
        this.bytes = bytes;
        this.patience = patience;
    }

    /// Begins the work when there is room for it.
    ///
    /// @return ends as the work does; fails with [QueueException] where its turn did not come
    <T> CompletableFuture<T> within(long size, Supplier<CompletableFuture<T>> work) {
        Guest guest = new Guest(Math.min(size, bytes), new CompletableFuture<>());
        synchronized (this) {
            waiting.add(guest);
        }
        CompletableFuture<T> done = guest.turn().thenCompose(_ -> begin(guest, work));
        letIn();
        guest.turn().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        return done.exceptionallyCompose(thrown -> CompletableFuture.failedFuture(words(thrown)));
    }

    private <T> CompletableFuture<T> begin(Guest guest, Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> running;
        try {
            running = work.get();
        } catch (RuntimeException e) {
            running = CompletableFuture.failedFuture(e);
        }
        return running.whenComplete((_, _) -> leave(guest));
    }

    private static Throwable words(Throwable thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return cause instanceof TimeoutException
                ? new QueueException("not kept: those before it took too long", cause)
                : cause;
    }

    private void leave(Guest guest) {
        synchronized (this) {
            taken -= guest.size();
        }
        letIn();
    }

    /// Whoever is let in begins outside of the lock.
    private void letIn() {
        for (Guest guest : nextGuests()) {
            if (!guest.turn().complete(null)) {
                leave(guest);
            }
        }
    }

    private synchronized List<Guest> nextGuests() {
        List<Guest> next = new ArrayList<>();
        waiting.removeIf(guest -> guest.turn().isDone());
        for (Guest first = waiting.peek();
                first != null && taken + first.size() <= bytes;
                first = waiting.peek()) {
            waiting.remove();
            taken += first.size();
            next.add(first);
        }
        return next;
    }
}
