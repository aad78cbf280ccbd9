// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which workers have lately asked for tasks of a model: a failed task is better tried by another
/// one, if there is another one.
final class KnownWorkers {
    private static final long RECENT_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MAX_PER_MODEL = 1000;

    private final Map<String, Map<String, Long>> byModel = new ConcurrentHashMap<>();

    void seen(String model, String worker) {
        Map<String, Long> workers = byModel.get(model);
        if (workers == null) {
            workers = byModel.computeIfAbsent(model, _ -> new ConcurrentHashMap<>());
        }
        long now = System.nanoTime();
        workers.put(worker, now);
        if (workers.size() > MAX_PER_MODEL) {
            workers.values().removeIf(seen -> now - seen > RECENT_NANOS);
        }
    }

    boolean hasOther(String model, String worker) {
        long now = System.nanoTime();
        return byModel.getOrDefault(model, Map.of()).entrySet().stream()
                .anyMatch(
                        other ->
                                !other.getKey().equals(worker)
                                        && now - other.getValue() < RECENT_NANOS);
    }
}
