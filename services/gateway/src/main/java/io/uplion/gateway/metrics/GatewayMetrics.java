// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.uplion.openai.Endpoint;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// The gateway's meters. Labels come from the catalog and from our own enums, never from a client:
/// the number of series is bounded.
public final class GatewayMetrics {
    /// Stands for all codes of providers that are passed on: theirs are no labels.
    public static final String REFUSED_BY_PROVIDER = "refused_by_provider";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5)
    };

    private final MeterRegistry registry;
    private final Map<Answered, Counter> requests = new ConcurrentHashMap<>();
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();
    private final Map<String, Counter> idempotent = new ConcurrentHashMap<>();
    private final Map<String, Timer> queueWaits = new ConcurrentHashMap<>();
    private final Map<String, Timer> firstTokens = new ConcurrentHashMap<>();
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();

    public GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Answered(String model, Endpoint endpoint, String outcome) {}

    public void openRequests(IntSupplier open) {
        Gauge.builder("uplion.gateway.requests.open", open::getAsInt)
                .description("Requests that wait or are being answered")
                .register(registry);
    }

    public void heldRequests(IntSupplier held) {
        Gauge.builder("uplion.gateway.requests.held", held::getAsInt)
                .description("Requests that wait for their key's turn to be queued")
                .register(registry);
    }

    public void bodyBytes(LongSupplier held) {
        Gauge.builder("uplion.gateway.body.bytes", held::getAsLong)
                .description("Memory held for request bodies")
                .baseUnit("bytes")
                .register(registry);
    }

    public void answerBytes(LongSupplier held) {
        Gauge.builder("uplion.gateway.idempotency.bytes", held::getAsLong)
                .description("Memory held for answers that are recorded or replayed")
                .baseUnit("bytes")
                .register(registry);
    }

    public void untakenBytes(LongSupplier held) {
        Gauge.builder("uplion.gateway.answer.bytes", held::getAsLong)
                .description("Memory held for answers that clients have not taken")
                .baseUnit("bytes")
                .register(registry);
    }

    public void duplicates(IntSupplier waiting) {
        Gauge.builder("uplion.gateway.idempotency.waiting", waiting::getAsInt)
                .description("Requests that wait for another's answer, or are told it")
                .register(registry);
    }

    /// A request with a key.
    ///
    /// @param what `first`, `replayed`, `told`, `other_body`, `not_kept`, `unfinished` or
    ///   `unavailable`
    public void idempotent(String what) {
        idempotent
                .computeIfAbsent(
                        what,
                        name ->
                                Counter.builder("uplion.gateway.idempotency.requests")
                                        .description("Requests with a key, by what they got")
                                        .tag("outcome", name)
                                        .register(registry))
                .increment();
    }

    /// @param outcome `completed`, `error`, `cancelled` or `broken`
    public void request(String model, Endpoint endpoint, String outcome, long nanos) {
        requests.computeIfAbsent(
                        new Answered(model, endpoint, outcome),
                        answered ->
                                Counter.builder("uplion.gateway.requests")
                                        .description("Requests that ended, by outcome")
                                        .tag("model", answered.model())
                                        .tag("endpoint", answered.endpoint().id())
                                        .tag("outcome", answered.outcome())
                                        .register(registry))
                .increment();
        timer(durations, "uplion.gateway.request.duration", "Acceptance to end", model)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /// @param code one of ours, or [#REFUSED_BY_PROVIDER]
    public void error(String code) {
        errors.computeIfAbsent(
                        code,
                        name ->
                                Counter.builder("uplion.gateway.errors")
                                        .description("Errors answered, by code")
                                        .tag("code", name)
                                        .register(registry))
                .increment();
    }

    public void queueWait(String model, long nanos) {
        timer(queueWaits, "uplion.gateway.queue.wait", "Acceptance to first grant", model)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    public void firstToken(String model, long nanos) {
        timer(firstTokens, "uplion.gateway.time.to.first.token", "Acceptance to first frame", model)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Map<String, Timer> timers, String name, String description, String model) {
        Timer known = timers.get(model);
        if (known != null) {
            return known;
        }
        return timers.computeIfAbsent(
                model,
                label ->
                        Timer.builder(name)
                                .description(description)
                                .tag("model", label)
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry));
    }
}
