// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.price.SharedPrices;
import io.uplion.catalog.shared.SharedCatalog;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.FloorsWatch;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.counters.reserve.RedisReservations;
import io.uplion.counters.reserve.Reservations;
import io.uplion.counters.reserve.ReservationsWhileAway;
import io.uplion.gateway.admission.SharedPlaces;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.edge.AccessEdge;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.edge.IdentityEdge;
import io.uplion.gateway.idempotency.IdempotencyStore;
import io.uplion.gateway.idempotency.RedisIdempotency;
import io.uplion.gateway.relay.Relay;
import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.statistics.QueueStatistics;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.process.Service;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarStatistics;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.ClaimSeal;
import io.uplion.task.Task;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway as a process: tasks go to Pulsar, workers come over gRPC, what gateways share is in
/// Redis. Composition root.
public final class GatewayService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayService.class);

    /// A client waits for it, with every request.
    private static final Duration LIMITS_PATIENCE = Duration.ofMillis(200);

    /// On a connection of their own: megabytes of answers must not hold limits up.
    private static final Duration ANSWERS_PATIENCE = Duration.ofSeconds(1);

    /// Closed in reverse order.
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final SharedCatalog catalog;
    private final SharedPrices prices;
    private final QueueStatistics statistics;
    private final Gateway gateway;
    private final BooleanSupplier edgeIsWarm;
    private final Duration leave;
    private volatile boolean leaving;
    private volatile @Nullable Gateway started;

    private GatewayService(GatewayServiceConfig config, MeterRegistry meters, Clock clock) {
        this.leave = config.leave();
        Vertx vertx = Vertx.vertx();
        parts.push(() -> vertx.close().await());
        Task.Gateway self = new Task.Gateway(config.replyAddress(), UUID.randomUUID());
        SharedState shared = add(RedisSharedState.at(config.brokers().redis()));
        this.catalog = add(SharedCatalog.start(shared, clock));
        this.prices = add(SharedPrices.start(shared));
        RedisCalls redis = add(RedisCalls.at(config.brokers().redis(), LIMITS_PATIENCE));
        RedisCalls answers = add(RedisCalls.at(config.brokers().redis(), ANSWERS_PATIENCE));
        IdempotencyStore kept = add(new RedisIdempotency(answers));
        PulsarAdmin admin = add(new PulsarAdmin(config.brokers().pulsarAdminUrl()));
        PulsarStatistics broker = add(new PulsarStatistics(admin));
        String name = self.address() + "/" + self.incarnation();
        this.statistics =
                add(
                        QueueStatistics.start(
                                name,
                                new QueueStatistics.Ports(
                                        shared, broker::poll, catalog, this::held, clock, meters)));
        Reservations reservations =
                new ReservationsWhileAway(
                        new RedisReservations(redis),
                        new InProcessReservations(
                                System::nanoTime, () -> statistics.turn().gateways()));
        PulsarConnection connection = add(PulsarConnection.open(config.brokers().pulsarUrl()));
        PulsarUsage usage = add(new PulsarUsage(connection));
        PulsarTasks queue = add(new PulsarTasks(connection, Runnable::run, statistics::topic));
        Relay.Outside outside =
                new Relay.Outside(
                        catalog,
                        queue,
                        usage,
                        new Reports(),
                        new KnownGateways(catalog, statistics),
                        clock);
        Edge edge = edge(config.access(), clock);
        this.edgeIsWarm = edge instanceof AccessEdge access ? access::isWarm : () -> true;
        this.gateway =
                Gateway.start(
                        config.gateway(),
                        new Gateway.Ports(
                                vertx,
                                edge,
                                reservations,
                                new Claims(new ClaimSeal(config.claimSecret()), prices),
                                kept,
                                outside,
                                self,
                                meters));
        this.started = gateway;
        redis.whenBack(gateway::renew);
        add(ReplyServer.start(config.reply(), gateway.replyDesk()));
        Floors floors = add(RedisFloors.at(config.brokers().redis()));
        add(FloorsWatch.start(floors, gateway::end));
        add(gateway);
        add(SharedPlaces.start(name, shared, gateway.promised()));
    }

    public static GatewayService start(
            GatewayServiceConfig config, MeterRegistry meters, Clock clock) {
        return new GatewayService(config, meters, clock);
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private Edge edge(GatewayServiceConfig.Access access, Clock clock) {
        IdentityToken identities = new IdentityToken(access.identitySecret(), clock);
        return access.address()
                .<Edge>map(at -> add(new AccessEdge(at, identities, access.timeout())))
                .orElseGet(() -> new IdentityEdge(identities));
    }

    /// Asked before the gateway is there, too.
    private Map<String, Integer> held() {
        Gateway known = started;
        return known == null ? Map.of() : known.held();
    }

    /// A gateway that knows no models yet would answer that there are none; one that knows no
    /// prices would have tasks billed by those of the manifests, whatever was decided since.
    @Override
    public boolean isReady() {
        boolean informed = knowsModels() && prices.isFilled();
        return !leaving && gateway.isReady() && informed && edgeIsWarm.getAsBoolean();
    }

    boolean knowsModels() {
        return catalog.isFilled();
    }

    /// The gateway first: its clients' answers still come over all the others. What is sent to it
    /// before everybody has seen that it leaves is answered, not refused.
    @Override
    public void close() {
        leaving = true;
        LockSupport.parkNanos(leave.toNanos());
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("{} did not stop in order", part);
            }
        }
    }

    private final class Reports implements PoolReports {
        @Override
        public void troubled(String pool, PoolStatus status) {
            catalog.statuses().troubled(pool, status);
        }

        @Override
        public void answered(String pool, long grantedAt) {
            catalog.statuses().committed(pool, grantedAt);
        }
    }
}
