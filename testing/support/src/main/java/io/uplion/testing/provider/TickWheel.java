// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/// The timers of one event loop behind one periodic timer: thousands of streams that all send a
/// token every few milliseconds would otherwise cost a heap operation and a wake-up each.
///
/// Exact to a millisecond, late and never early. Used on its event loop only.
final class TickWheel {
    private static final long TICK_NANOS = 1_000_000;
    private static final int SLOTS = 4096;
    private static final int MASK = SLOTS - 1;

    private final Vertx vertx;
    private final long origin = System.nanoTime();
    private final List<List<Entry>> slots = new ArrayList<>(SLOTS);
    private long current;
    private int waiting;
    private long timer = -1;

    private record Entry(long tick, Runnable task) {}

    TickWheel(Vertx vertx) {
        this.vertx = vertx;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>(0));
        }
    }

    /// Runs the task at the given `System.nanoTime()`, on the next tick at the earliest.
    void at(long nanos, Runnable task) {
        if (timer < 0) {
            current = nowTick();
            timer = vertx.setPeriodic(1, _ -> turn());
        }
        long due = Math.floorDiv(nanos - origin + TICK_NANOS - 1, TICK_NANOS);
        long tick = Math.max(due, current + 1);
        slots.get((int) (tick & MASK)).add(new Entry(tick, task));
        waiting++;
    }

    void after(long delayNanos, Runnable task) {
        at(System.nanoTime() + delayNanos, task);
    }

    private void turn() {
        long now = nowTick();
        while (current < now) {
            current++;
            runSlot((int) (current & MASK));
        }
        if (waiting == 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void runSlot(int slot) {
        List<Entry> entries = slots.get(slot);
        if (entries.isEmpty()) {
            return;
        }
        slots.set(slot, new ArrayList<>(entries.size()));
        for (Entry entry : entries) {
            if (entry.tick > current) {
                slots.get(slot).add(entry);
            } else {
                waiting--;
                entry.task.run();
            }
        }
    }

    private long nowTick() {
        return (System.nanoTime() - origin) / TICK_NANOS;
    }
}
