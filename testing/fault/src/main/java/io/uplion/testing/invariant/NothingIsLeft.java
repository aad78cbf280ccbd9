// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.invariant.Violation.Kind;
import java.util.List;

/// A process at rest holds nothing. The metrics' names are those of `docs/reference/metrics.md`.
final class NothingIsLeft implements Invariant {
    /// Also when it is zero, a process of its role has it.
    private record Gauge(String name, Kind kind, String words) {}

    private static final Gauge TASKS =
            new Gauge("uplion_queue_tasks", Kind.TASKS_LEFT, "tasks are in the queue");
    private static final List<Gauge> OF_GATEWAY =
            List.of(
                    new Gauge(
                            "uplion_gateway_requests_open", Kind.WAITERS_LEFT, "requests are open"),
                    new Gauge(
                            "uplion_gateway_requests_held",
                            Kind.WAITERS_LEFT,
                            "requests are held back"),
                    new Gauge(
                            "uplion_gateway_body_bytes",
                            Kind.MEMORY_HELD,
                            "bytes are held for bodies"),
                    TASKS);
    private static final List<Gauge> OF_WORKER =
            List.of(new Gauge("uplion_worker_slots_in_use", Kind.SLOTS_BUSY, "slots are busy"));

    private static final List<Gauge> OF_QUEUE = List.of(TASKS);

    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        for (Gauges process : evidence.gauges()) {
            List<Gauge> gauges =
                    switch (process.role()) {
                        case GATEWAY -> OF_GATEWAY;
                        case WORKER -> OF_WORKER;
                        case QUEUE -> OF_QUEUE;
                    };
            gauges.forEach(gauge -> zero(gauge, process, findings));
        }
    }

    private static void zero(Gauge gauge, Gauges process, Findings findings) {
        Double value = process.sums().get(gauge.name());
        if (value == null) {
            findings.violation(
                    Kind.METRICS_UNREADABLE, process.url(), "no " + gauge.name() + " there");
        } else if (value != 0) {
            findings.violation(
                    gauge.kind(), process.url(), "%.0f %s".formatted(value, gauge.words()));
        }
    }
}
