// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Asks for tasks of one account, and waits for the answers.
record Asking(Reservations store, UUID account) {
    static final Duration LIMIT = Duration.ofSeconds(20);

    Ask ask(long tokens, Subject... subjects) {
        return new Ask(UUID.randomUUID(), account, List.of(subjects), tokens, 0);
    }

    Reserved reserve(Ask ask) {
        return store.reserve(ask).toCompletableFuture().join();
    }

    Reserved reserve(long tokens, Subject... subjects) {
        return reserve(ask(tokens, subjects));
    }

    /// A task that has what it asked for.
    Ask held(long tokens, Subject... subjects) {
        var ask = ask(tokens, subjects);
        if (!(reserve(ask) instanceof Held)) {
            throw new AssertionError("not held: " + reserve(ask));
        }
        return ask;
    }

    Renewed renew(Ask... running) {
        return store.renew(List.of(running)).toCompletableFuture().join();
    }

    Noted settle(Ask ask, long tokens) {
        return store.settle(ask, new Used(tokens, 0)).toCompletableFuture().join();
    }

    static void waitFor(Duration time) {
        var start = System.nanoTime();
        Await.until(
                "time passes", time.plus(LIMIT), () -> System.nanoTime() - start >= time.toNanos());
    }
}
