// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// A store for tests that can be taken away, and comes back as it was or empty.
public final class BreakableState implements SharedState {
    private final LongSupplier nanoTime;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile SharedState store;
    private volatile boolean down;
    private volatile Runnable meanwhile = () -> {};

    public BreakableState(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.store = new InProcessSharedState(nanoTime);
    }

    public void goDown() {
        down = true;
    }

    public void comeBack() {
        down = false;
    }

    public void comeBackEmpty() {
        store = new InProcessSharedState(nanoTime);
        down = false;
    }

    /// Happens once, when a table has been read and before its reader gets it.
    public void duringTheNextRead(Runnable action) {
        meanwhile =
                () -> {
                    meanwhile = () -> {};
                    action.run();
                };
    }

    /// How often anybody has asked for anything.
    public int calls() {
        return calls.get();
    }

    private SharedState store() {
        calls.incrementAndGet();
        if (down) {
            throw new SharedStateException("the test has taken the store away");
        }
        return store;
    }

    @Override
    public void putAll(String table, Map<String, String> fields, Duration ttl) {
        store().putAll(table, fields, ttl);
    }

    @Override
    public void remove(String table, String field) {
        store().remove(table, field);
    }

    @Override
    public Map<String, String> all(String table) {
        var read = store().all(table);
        meanwhile.run();
        return read;
    }

    @Override
    public boolean lease(String name, String owner, Duration ttl) {
        return store().lease(name, owner, ttl);
    }

    @Override
    public void release(String name, String owner) {
        store().release(name, owner);
    }

    @Override
    public void close() {
        // The store outlives those who share it.
    }
}
