// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.store.key.ApiKey;
import io.uplion.store.key.KeyHash;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys;
import io.uplion.store.key.StoredKeys.AsOf;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class FakeKeyReads implements KeyReads {

    private final Map<KeyHash, StoredKey> records = new ConcurrentHashMap<>();
    private final List<Set<KeyHash>> questions = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean failing;
    private volatile AsOf asOf = new AsOf(Instant.EPOCH, false);
    private volatile Runnable duringRead = () -> {};

    @Override
    public StoredKeys.Found find(Set<KeyHash> hashes) {
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
        Map<KeyHash, StoredKey> found = new HashMap<>(records);
        found.keySet().retainAll(hashes);
        return new StoredKeys.Found(found, asOf);
    }

    void put(ApiKey key, StoredKey found) {
        records.put(key.sha256(), found);
    }

    void put(StoredKey found) {
        records.put(found.hash(), found);
    }

    /// From now on a replica answers, which has come so far.
    void replica(Instant at) {
        asOf = new AsOf(at, true);
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
