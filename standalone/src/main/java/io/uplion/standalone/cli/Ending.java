// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.standalone.Running;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// How `up` ends: the first signal lets running answers finish, the second does not wait.
final class Ending {
    /// What a shell says of a program that Ctrl-C ended.
    private static final int INTERRUPTED = 130;

    private final PrintWriter out;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicReference<Optional<Running>> running =
            new AtomicReference<>(Optional.empty());

    Ending(PrintWriter out) {
        this.out = out;
    }

    /// Listens to signals from now on: one that comes while the platform is still starting stops it
    /// in order as soon as it has.
    static Ending listening(PrintWriter out) {
        Ending ending = new Ending(out);
        Signals.onEnd(ending::signal);
        return ending;
    }

    void started(Running platform) {
        running.set(Optional.of(platform));
    }

    void await() throws InterruptedException {
        asked.await();
    }

    private void signal() {
        if (signals.incrementAndGet() == 1) {
            out.println("stopping: running answers are finished first; once more stops at once");
            out.flush();
            asked.countDown();
            return;
        }
        running.get().ifPresent(Running::abandon);
        Runtime.getRuntime().halt(INTERRUPTED);
    }
}
