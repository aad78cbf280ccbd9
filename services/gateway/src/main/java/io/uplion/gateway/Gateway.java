// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.Catalog;
import io.uplion.counters.reserve.Reservations;
import io.uplion.gateway.admission.DrainRates;
import io.uplion.gateway.admission.FullQueues;
import io.uplion.gateway.admission.PromisedPlaces;
import io.uplion.gateway.allowance.Allowances;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.http.Beside;
import io.uplion.gateway.http.HttpDoor;
import io.uplion.gateway.idempotency.Executions;
import io.uplion.gateway.idempotency.IdempotencyStore;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.gateway.relay.Relay;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.management.Readiness;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway: composition root.
public final class Gateway implements AutoCloseable, Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final GatewayConfig config;
    private final Catalog catalog;
    private final PromisedPlaces promised = new PromisedPlaces(System::nanoTime);
    private final Relay relay;
    private final Allowances allowances;
    private final Executions executions;
    private final HttpDoor http;
    private volatile boolean ready = true;

    /// What the gateway needs of others.
    ///
    /// @param claims what tasks are billed by
    /// @param self where workers find it, and which of its lives this is
    public record Ports(
            Vertx vertx,
            Edge edge,
            Reservations reservations,
            Claims claims,
            IdempotencyStore idempotency,
            Relay.Outside outside,
            Task.Gateway self,
            MeterRegistry meters) {}

    private Gateway(GatewayConfig config, Ports ports, Beside beside) {
        this.config = config;
        this.catalog = ports.outside().catalog();
        GatewayMetrics metrics = new GatewayMetrics(ports.meters());
        DrainRates rates = new DrainRates(System::nanoTime, ports.outside().others()::share);
        this.relay = new Relay(config, ports.outside(), rates, metrics);
        this.allowances = new Allowances(ports.reservations(), relay::release);
        ports.vertx().setPeriodic(Reservations.RENEWAL.toMillis(), _ -> allowances.renew());
        this.executions =
                new Executions(
                        ports.vertx(), ports.idempotency(), config.answerMemoryBytes(), metrics);
        long renewal = IdempotencyStore.Times.DEFAULT.renewal().toMillis();
        ports.vertx().setPeriodic(renewal, _ -> executions.renew());
        this.http =
                new HttpDoor(
                        config,
                        ports,
                        new HttpDoor.Inner(
                                relay,
                                executions,
                                new FullQueues(relay, rates, promised),
                                metrics,
                                allowances,
                                this,
                                beside));
    }

    public static Gateway start(GatewayConfig config, Ports ports) {
        return start(config, ports, Beside.NOTHING);
    }

    /// @param beside what else is on its port
    public static Gateway start(GatewayConfig config, Ports ports, Beside beside) {
        Gateway gateway = new Gateway(config, ports, beside);
        gateway.http.listen();
        return gateway;
    }

    public int port() {
        return http.port();
    }

    /// What it holds back so that keys have fair shares, by model.
    public Map<String, Integer> held() {
        return relay.held();
    }

    /// The places of full queues that clients were promised.
    PromisedPlaces promised() {
        return promised;
    }

    /// These may ask for nothing any more: what they have asked for ends.
    public void end(Set<Subject> subjects) {
        if (!subjects.isEmpty()) {
            relay.end(subjects);
        }
    }

    /// The store of limits is back: it may have lost what runs.
    public void renew() {
        allowances.renew();
    }

    /// Where workers open reply streams.
    public ReplyDesk replyDesk() {
        return relay;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    /// Takes no new requests and waits for the running ones; tells those that are left.
    @Override
    public void close() {
        ready = false;
        long deadline =
                System.nanoTime()
                        + config.times().drain().orElseGet(this::longestAttempt).toNanos();
        awaitNobody(deadline);
        relay.shutDown();
        executions.shutDown();
        // Who waited is told what was just said to others, and what became of those is noted.
        awaitNobody(System.nanoTime() + LAST_WORDS.toNanos());
        if (!allowances.flush(LAST_WORDS)) {
            LOG.warn("the store of limits does not know yet of all that has ended");
        }
        http.close();
    }

    private void awaitNobody(long deadline) {
        while ((relay.isBusy() || executions.open() > 0) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /// A model may have gone while its last answers run: then the usual time must do.
    private Duration longestAttempt() {
        return catalog.models().stream()
                .flatMap(model -> model.pools().stream())
                .map(pool -> pool.manifest().timeout())
                .max(Comparator.naturalOrder())
                .orElse(AIModel.DEFAULT_TIMEOUT);
    }
}
