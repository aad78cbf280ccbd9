// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does the same thing again and again on a thread of its own, until it is closed. A store that is
/// away is told once, and again when it is back; it never ends the rounds.
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration ENDING = Duration.ofSeconds(3);

    private final String name;
    private final Duration pause;
    private final Runnable round;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private String failing = "";

    private Rounds(String name, Duration pause, Runnable round) {
        this.name = name;
        this.pause = pause;
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// Does the first round before it returns, so that what can be known is known.
    ///
    /// @param pause between the end of a round and the next
    public static Rounds start(String name, Duration pause, Runnable round) {
        Rounds rounds = new Rounds(name, pause, round);
        rounds.once();
        rounds.thread.start();
        return rounds;
    }

    /// Does the first round aside, at once: nobody waits for it.
    public static Rounds startAside(String name, Duration pause, Runnable round) {
        Rounds rounds = new Rounds(name, pause, round);
        rounds.soon();
        rounds.thread.start();
        return rounds;
    }

    /// The next round comes now. Never blocks.
    public void soon() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                boolean _ = wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
            // What was wanted while the last round ran is done by this one.
            wanted.drainPermits();
            if (!closed) {
                once();
            }
        }
    }

    private void once() {
        try {
            round.run();
            if (!failing.isEmpty()) {
                LOG.atInfo().addKeyValue("task", name).log("{} goes on", name);
            }
            failing = "";
        } catch (SharedStateException e) {
            // Its words differ from try to try; that it is away is one thing.
            tell(e, "the shared state is away");
        } catch (RuntimeException e) {
            tell(e, String.valueOf(e.getMessage()));
        }
    }

    private void tell(RuntimeException e, String failure) {
        if (!failing.equals(failure) && !closed) {
            LOG.atWarn().addKeyValue("task", name).setCause(e).log("{} waits: {}", name, failure);
        }
        failing = failure;
    }

    /// A round that has begun ends first: what comes after it on this thread is not overtaken.
    @Override
    public void close() {
        closed = true;
        wanted.release();
        try {
            thread.join(ENDING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
