// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.openai.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// The meters of one pool's worker.
public final class WorkerMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final AIModel manifest;
    private final Counter input;
    private final Counter output;
    private final List<Meter> gauges = new ArrayList<>();

    public WorkerMetrics(MeterRegistry registry, AIModel manifest) {
        this.registry = registry;
        this.manifest = manifest;
        this.input = tokenCounter("input");
        this.output = tokenCounter("output");
    }

    private Counter tokenCounter(String kind) {
        return Counter.builder("uplion.worker.tokens")
                .description("Tokens used, by kind")
                .tag("model", manifest.model())
                .tag("pool", manifest.name())
                .tag("kind", kind)
                .register(registry);
    }

    /// Of all pools of a process.
    public static void answerBytes(MeterRegistry registry, LongSupplier held) {
        Gauge.builder("uplion.worker.answer.bytes", held::getAsLong)
                .description("Memory held for providers' answers")
                .baseUnit("bytes")
                .register(registry);
    }

    public void slots(IntSupplier inUse, IntSupplier all) {
        gauge("uplion.worker.slots.in.use", "Slots that run a task", inUse);
        gauge("uplion.worker.slots", "Slots, busy or free", all);
    }

    private void gauge(String name, String description, IntSupplier value) {
        gauges.add(
                Gauge.builder(name, value::getAsInt)
                        .description(description)
                        .tag("model", manifest.model())
                        .tag("pool", manifest.name())
                        .register(registry));
    }

    public void tokens(TokenUsage tokens) {
        input.increment((double) tokens.input());
        output.increment((double) tokens.output());
    }

    /// Takes the gauges away, so that the pool's next worker can have them. What was counted stays.
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }
}
