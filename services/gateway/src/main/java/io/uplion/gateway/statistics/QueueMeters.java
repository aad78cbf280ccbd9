// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// The depth of each model's queue, as this gateway knows it: every gateway tells the same of the
/// one queue behind them.
final class QueueMeters {
    private final MeterRegistry registry;
    private final Function<String, Optional<ModelQueue>> queues;
    private final Map<String, List<Meter>> meters = new HashMap<>();

    QueueMeters(MeterRegistry registry, Function<String, Optional<ModelQueue>> queues) {
        this.registry = registry;
        this.queues = queues;
    }

    /// Those of other models are taken away.
    synchronized void show(Set<String> models) {
        Set<String> gone = new HashSet<>(meters.keySet());
        gone.removeAll(models);
        gone.forEach(
                model ->
                        Optional.ofNullable(meters.remove(model))
                                .ifPresent(known -> known.forEach(registry::remove)));
        models.forEach(model -> meters.computeIfAbsent(model, this::register));
    }

    private List<Meter> register(String model) {
        return List.of(
                gauge(model, "waiting", ModelQueue::waiting),
                gauge(model, "running", ModelQueue::running));
    }

    /// What is not known is no number: zero would say that nobody waits.
    private Meter gauge(String model, String state, ToDoubleFunction<ModelQueue> value) {
        return Gauge.builder(
                        "uplion.queue.tasks",
                        () -> queues.apply(model).map(value::applyAsDouble).orElse(Double.NaN))
                .description("Tasks that are not acknowledged, waiting or running")
                .tag("model", model)
                .tag("state", state)
                .register(registry);
    }
}
