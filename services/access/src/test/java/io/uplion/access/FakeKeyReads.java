// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.ApiKey;
import io.uplion.store.key.KeyHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class FakeKeyReads implements KeyReads {

    private final Map<KeyHash, KeyRecord> records = new ConcurrentHashMap<>();
    private final List<Set<KeyHash>> questions = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean failing;
    private volatile Runnable duringRead = () -> {};

    @Override
    public Map<KeyHash, KeyRecord> find(Set<KeyHash> hashes) {
        calls.incrementAndGet();
        questions.add(Set.copyOf(hashes));
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new Failed(e);
        }
        if (failing) {
            throw new Failed(new IllegalStateException("as the test asked"));
        }
        duringRead.run();
        Map<KeyHash, KeyRecord> found = new HashMap<>(records);
        found.keySet().retainAll(hashes);
        return found;
    }

    void put(ApiKey key, KeyRecord found) {
        records.put(key.sha256(), found);
    }

    void block() {
        gate = new CountDownLatch(1);
    }

    void unblock() {
        gate.countDown();
    }

    void fail(boolean fails) {
        failing = fails;
    }

    void duringRead(Runnable action) {
        duringRead = action;
    }

    /// The keys of each call.
    List<Set<KeyHash>> questions() {
        return questions;
    }

    int calls() {
        return calls.get();
    }
}
