// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The shared facts of a platform that is one process.
public final class InProcessSharedState implements SharedState {
    private final LongSupplier nanoTime;
    private final Map<String, Map<String, Fact>> tables = new HashMap<>();
    private final Map<String, Fact> leases = new HashMap<>();
    private boolean closed;

    private record Fact(String value, long until) {
        boolean hasRunOut(long now) {
            return until - now <= 0;
        }
    }

    /// @param nanoTime the store's clock
    public InProcessSharedState(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void putAll(String table, Map<String, String> fields, Duration ttl) {
        long until = open() + checked(ttl).toNanos();
        Map<String, Fact> facts = tables.computeIfAbsent(table, _ -> new HashMap<>());
        fields.forEach((field, value) -> facts.put(field, new Fact(value, until)));
    }

    @Override
    public synchronized void remove(String table, String field) {
        open();
        tables.getOrDefault(table, new HashMap<>()).remove(field);
    }

    @Override
    public synchronized Map<String, String> all(String table) {
        long now = open();
        Map<String, String> seen = new TreeMap<>();
        Iterator<Map.Entry<String, Fact>> facts =
                tables.getOrDefault(table, new HashMap<>()).entrySet().iterator();
        while (facts.hasNext()) {
            Map.Entry<String, Fact> fact = facts.next();
            if (fact.getValue().hasRunOut(now)) {
                facts.remove();
            } else {
                seen.put(fact.getKey(), fact.getValue().value());
            }
        }
        return seen;
    }

    @Override
    public synchronized boolean lease(String name, String owner, Duration ttl) {
        long now = open();
        long until = now + checked(ttl).toNanos();
        @Nullable Fact held = leases.get(name);
        if (held != null && !held.hasRunOut(now) && !held.value().equals(owner)) {
            return false;
        }
        leases.put(name, new Fact(owner, until));
        return true;
    }

    @Override
    public synchronized void release(String name, String owner) {
        open();
        leases.computeIfPresent(name, (_, held) -> held.value().equals(owner) ? null : held);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private long open() {
        if (closed) {
            throw new SharedStateException("the shared state is closed");
        }
        return nanoTime.getAsLong();
    }

    private static Duration checked(Duration ttl) {
        if (ttl.toMillis() < 1) {
            throw new IllegalArgumentException("a time to live of " + ttl);
        }
        return ttl;
    }
}
