// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access.authz;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.uplion.access.Access;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Entrance;
import io.uplion.access.Question;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.FloorsWatch;
import io.uplion.counters.rate.InProcessRateLimits;
import io.uplion.counters.rate.RateLimits;
import io.uplion.counters.rate.RateLimitsWhileAway;
import io.uplion.counters.rate.RedisRateLimits;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.process.Service;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseHealth;
import io.uplion.store.key.ApiKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// `access` as a process: composition root.
public final class AccessServer implements Service {
    private static final long WARM_UP_SECONDS = 5;

    /// A client waits for it, with every request.
    private static final Duration LIMITS_PATIENCE = Duration.ofMillis(200);

    private final Database reads;
    private final DatabaseHealth database;
    private final Floors floors;
    private final FloorsWatch known;
    private final SharedState shared;
    private final RedisCalls calls;
    private final Access access;
    private final Server server;
    private final long drainMillis;
    private volatile boolean ready = true;

    private AccessServer(AccessServerConfig config, Clock clock) throws IOException {
        this.reads = Database.open(config.database());
        this.database = DatabaseHealth.watch(reads);
        this.floors = RedisFloors.at(config.redis());
        this.known = FloorsWatch.start(floors);
        this.shared = RedisSharedState.at(config.redis());
        this.calls = RedisCalls.at(config.redis(), LIMITS_PATIENCE);
        this.access =
                Access.start(
                        config.access(),
                        new Access.Nodes(reads, floors, known, shared, database),
                        clock);
        this.drainMillis = config.drain().toMillis();
        warmUp();
        IdentityToken identities = new IdentityToken(config.identitySecret(), clock);
        // A decision costs microseconds, or waits on threads of its own: no hand-over to a pool.
        this.server =
                NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
                        .directExecutor()
                        .permitKeepAliveTime(1, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .maxInboundMessageSize(config.maxMessageBytes())
                        .addService(
                                new Authorization(
                                        new Entrance(access, rates(config.nodes())),
                                        identities,
                                        config.clients()))
                        .build()
                        .start();
    }

    /// While Redis is away each node lets in its share.
    private RateLimits rates(int nodes) {
        return new RateLimitsWhileAway(
                new RedisRateLimits(calls), new InProcessRateLimits(System::nanoTime, () -> nodes));
    }

    /// The first look-up of a process takes long: better now than while a request waits. Whether
    /// the database is there is no matter yet.
    private void warmUp() {
        Secret nobodys = ApiKey.generate(new SecureRandom()).secret();
        access.decide(Question.inference(new Credentials.Key(nobodys), Optional.empty()))
                .toCompletableFuture()
                .completeOnTimeout(new Decision.Unavailable(), WARM_UP_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /// @throws IOException the address cannot be listened on
    public static AccessServer start(AccessServerConfig config, Clock clock) throws IOException {
        return new AccessServer(config, clock);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public boolean isReady() {
        return ready && database.isReady();
    }

    @Override
    public void close() {
        ready = false;
        try (reads;
                database;
                floors;
                known;
                shared;
                calls;
                access) {
            server.shutdown();
            if (!server.awaitTermination(drainMillis, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
    }
}
