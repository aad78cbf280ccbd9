// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Calls the steps of one answer at their times: the first after `first`, then one every `each`.
///
/// Steps have due times counted from the start, so a late timer makes up for it and thousands of
/// streams keep their pace on a busy loop. A stream holds one timer at most, and a repeating one:
/// setting a new one per token is what would cost. Confined to the event loop that started it.
final class StreamClock {
    private static final long NO_TIMER = -1;

    /// A timer may fire this much before a step is due without waiting a whole period more.
    private static final long EARLY_NANOS = 500_000;

    private final Vertx vertx;
    private final Duration first;
    private final long eachNanos;
    private final int burst;

    private @Nullable Steps steps;
    private long firstDue;
    private long taken;
    private long timer = NO_TIMER;
    private boolean queued;
    private boolean held;

    /// @param burst steps in one turn of the event loop at most; others want it too
    StreamClock(Vertx vertx, Duration first, Duration each, int burst) {
        this.vertx = vertx;
        this.first = first;
        this.eachNanos = each.toNanos();
        this.burst = burst;
    }

    @FunctionalInterface
    interface Steps {
        /// @return whether there is another step
        boolean next();
    }

    /// The first step comes on a later turn of the loop, also without any waiting.
    void start(Steps steps) {
        this.steps = steps;
        firstDue = System.nanoTime() + first.toNanos();
        long wait = millis(first.toNanos());
        if (eachNanos > 0) {
            long period = Math.max(1, eachNanos / 1_000_000);
            timer = vertx.setPeriodic(Math.max(1, wait), period, _ -> turn());
        } else if (wait > 0) {
            timer = vertx.setTimer(wait, _ -> turn());
        }
        if (wait == 0) {
            soon();
        }
    }

    /// No step is called after this, not even when a step itself stops the clock.
    void stop() {
        steps = null;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    /// Steps that fall due meanwhile are made up for.
    void hold(boolean hold) {
        held = hold;
        if (!hold && steps != null) {
            soon();
        }
    }

    private void turn() {
        long due = held ? 0 : due();
        int done = 0;
        while (steps != null && !held && taken < due && done < burst) {
            taken++;
            done++;
            if (!steps.next()) {
                stop();
            }
        }
        if (steps != null && !held && taken < due) {
            soon();
        }
    }

    private void soon() {
        if (queued) {
            return;
        }
        queued = true;
        vertx.runOnContext(
                _ -> {
                    queued = false;
                    turn();
                });
    }

    private long due() {
        if (eachNanos == 0) {
            return Long.MAX_VALUE;
        }
        long late = System.nanoTime() - firstDue + EARLY_NANOS;
        return late < 0 ? 0 : late / eachNanos + 1;
    }

    private static long millis(long nanos) {
        return Math.ceilDiv(nanos, 1_000_000L);
    }
}
