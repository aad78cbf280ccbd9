// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.queue.TaskQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// The depth of each model's queue, as long as the model exists.
final class QueueMeters {
    private final MeterRegistry registry;
    private final TaskQueue queue;
    private final Map<String, List<Meter>> meters = new HashMap<>();

    QueueMeters(MeterRegistry registry, TaskQueue queue) {
        this.registry = registry;
        this.queue = queue;
    }

    void add(String model) {
        meters.computeIfAbsent(
                model,
                name ->
                        List.of(
                                gauge(name, "waiting", TaskQueue.Depth::waiting),
                                gauge(name, "running", TaskQueue.Depth::running)));
    }

    void remove(String model) {
        meters.getOrDefault(model, List.of()).forEach(registry::remove);
        meters.remove(model);
    }

    private Meter gauge(String model, String state, ToIntFunction<TaskQueue.Depth> value) {
        return Gauge.builder("uplion.queue.tasks", () -> value.applyAsInt(queue.depth(model)))
                .description("Tasks that are not acknowledged, waiting or running")
                .tag("model", model)
                .tag("state", state)
                .register(registry);
    }
}
