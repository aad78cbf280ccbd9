// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/// Clients that run at one time. What one of them throws is not lost with its thread.
record Crowd<T>(List<FutureTask<T>> clients) {

    /// @param client is told its number, from 0
    static <T> Crowd<T> start(int number, IntFunction<T> client) {
        List<FutureTask<T>> clients = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int own = i;
            var task = new FutureTask<T>(() -> client.apply(own));
            clients.add(task);
            Thread.ofVirtual().start(task);
        }
        return new Crowd<>(clients);
    }

    /// Waits for all, and fails if one of them did.
    ///
    /// @return what each has answered, by its number
    List<T> answers() throws InterruptedException {
        List<T> answers = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (FutureTask<T> client : clients) {
            try {
                answers.add(client.get());
            } catch (ExecutionException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    failures.size() + " of " + clients.size() + " clients failed",
                    failures.getFirst());
        }
        return answers;
    }
}
