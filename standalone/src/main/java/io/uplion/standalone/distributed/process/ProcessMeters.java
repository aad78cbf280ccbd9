// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// Which processes live, and how often each was started again.
final class ProcessMeters {
    private final MeterRegistry registry;
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    ProcessMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// @param restarts since the platform was started
    void add(String process, BooleanSupplier isUp, IntSupplier restarts) {
        Gauge up =
                Gauge.builder("uplion.process.up", () -> isUp.getAsBoolean() ? 1 : 0)
                        .description("1 while the process lives")
                        .tag("process", process)
                        .strongReference(true)
                        .register(registry);
        FunctionCounter again =
                FunctionCounter.builder("uplion.process.restarts", restarts, IntSupplier::getAsInt)
                        .description("How often the process was started again")
                        .tag("process", process)
                        .register(registry);
        meters.put(process, List.of(up, again));
    }

    void remove(String process) {
        List<Meter> known = meters.remove(process);
        if (known != null) {
            known.forEach(registry::remove);
        }
    }
}
