// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.invariant.Violation.Kind;
import java.util.List;

/// A process at rest holds nothing. The metrics' names are those of `docs/reference/metrics.md`.
final class NothingIsLeft implements Invariant {
    /// @param always a process of this role has it, also when it is zero
    private record Gauge(String name, Kind kind, String words, boolean always) {}

    private static final Gauge TASKS = tasks(false);
    private static final List<Gauge> OF_GATEWAY =
            List.of(
                    new Gauge(
                            "uplion_gateway_requests_open",
                            Kind.WAITERS_LEFT,
                            "requests are open",
                            true),
                    new Gauge(
                            "uplion_gateway_body_bytes",
                            Kind.MEMORY_HELD,
                            "bytes are held for bodies",
                            true),
                    TASKS);
    private static final List<Gauge> OF_WORKER =
            List.of(
                    new Gauge(
                            "uplion_worker_slots_in_use", Kind.SLOTS_BUSY, "slots are busy", true),
                    TASKS);

    private static final List<Gauge> OF_QUEUE = List.of(tasks(true));

    private static Gauge tasks(boolean always) {
        return new Gauge("uplion_queue_tasks", Kind.TASKS_LEFT, "tasks are in the queue", always);
    }

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
            if (gauge.always()) {
                findings.violation(
                        Kind.METRICS_UNREADABLE, process.url(), "no " + gauge.name() + " there");
            }
        } else if (value != 0) {
            findings.violation(
                    gauge.kind(), process.url(), "%.0f %s".formatted(value, gauge.words()));
        }
    }
}
