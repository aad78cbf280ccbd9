// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.TopicState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A broker that counts what the test says.
final class FakeSource implements StatisticsSource {
    private final Map<String, TopicState> topics = new ConcurrentHashMap<>();
    private final AtomicInteger polls = new AtomicInteger();
    private volatile List<String> asked = List.of();
    private volatile boolean down;
    private volatile Runnable meanwhile = () -> {};

    void topic(String model, TopicState state) {
        topics.put(model, state);
    }

    void goDown() {
        down = true;
    }

    /// What happens while the broker counts.
    void meanwhile(Runnable action) {
        meanwhile = action;
    }

    int polls() {
        return polls.get();
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public Map<String, TopicState> poll(Collection<String> models) {
        polls.incrementAndGet();
        asked = List.copyOf(models);
        meanwhile.run();
        if (down) {
            throw new QueueException("the broker is down");
        }
        var counted = new TreeMap<>(topics);
        counted.keySet().retainAll(models);
        return counted;
    }
}
