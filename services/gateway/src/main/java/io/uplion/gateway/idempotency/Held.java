// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.util.concurrent.atomic.AtomicInteger;

/// An outcome in memory, for all who are told it. Its memory is given back when the last of them
/// has it. Safe for all threads.
final class Held {
    private final Outcome outcome;
    private final Runnable giveBack;
    private final AtomicInteger users = new AtomicInteger(1);

    /// Has one user, whoever makes it.
    Held(Outcome outcome, Runnable giveBack) {
        this.outcome = outcome;
        this.giveBack = giveBack;
    }

    Outcome outcome() {
        return outcome;
    }

    /// By a user, for one more.
    Held share() {
        users.incrementAndGet();
        return this;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            giveBack.run();
        }
    }
}
