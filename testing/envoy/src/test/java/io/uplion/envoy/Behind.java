// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.envoy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.access.AccessConfig;
import io.uplion.access.ClientAddress;
import io.uplion.access.authz.AccessServer;
import io.uplion.access.authz.AccessServerConfig;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.catalog.price.PriceList;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.gateway.Gateway;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.OtherGateways;
import io.uplion.gateway.PoolReports;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.edge.IdentityEdge;
import io.uplion.gateway.idempotency.FileIdempotency;
import io.uplion.gateway.idempotency.IdempotencyStore;
import io.uplion.gateway.relay.Relay;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.queue.InProcessQueue;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.ApiKey;
import io.uplion.task.ClaimSeal;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.fault.FaultProxy;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.worker.Backends;
import io.uplion.worker.LoopExecutor;
import io.uplion.worker.Worker;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.attempt.SlotContext;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/// What stands behind Envoy: `access` with its database, a gateway that believes the signed word
/// alone, and a worker. A test can cut the line between Envoy and `access`.
final class Behind implements AutoCloseable {
    static final String MODEL = "m";
    private static final Secret SECRET = Secret.of("0123456789abcdef0123456789abcdef");

    private final Vertx vertx = Vertx.vertx();
    private final FakeProvider provider = FakeProvider.start();
    private final InProcessQueue queue = new InProcessQueue(new LoopExecutor(vertx));
    private final List<UsageRecord> usage = new CopyOnWriteArrayList<>();
    private final Path files = Files.createTempDirectory("uplion-envoy-");
    private final IdempotencyStore kept = FileIdempotency.open(files, Clock.systemUTC());
    private final UUID account = UUID.randomUUID();
    private final UUID user = UUID.randomUUID();
    private final EmbeddedPostgres postgres;
    private final Database writes;
    private final AccessServer access;
    private final FaultProxy accessLine;
    private final Gateway gateway;
    private final Worker worker;

    Behind() throws IOException {
        this.postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        var database =
                DatabaseConfig.of(
                        postgres.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("none"));
        this.writes = Database.open(database);
        writes.migrate();
        owner();
        this.access = AccessServer.start(accessConfig(database), Clock.systemUTC());
        this.accessLine = FaultProxy.before("127.0.0.1", access.port());
        var manifest =
                ManifestReader.read(
                                "m.yaml",
                                """
                                apiVersion: uplion.io/v1alpha1
                                kind: AIModel
                                metadata: {name: m}
                                spec:
                                  type: remote
                                  remote: {provider: openai, baseUrl: "%s"}
                                """
                                        .formatted(provider.baseUrl()))
                        .models()
                        .getFirst();
        queue.createTopic(MODEL);
        var catalog = new LiveCatalog(Clock.systemUTC());
        catalog.put(manifest, PoolStatus.RUNNING);
        this.gateway = gateway(catalog);
        var config = WorkerConfig.read(new Settings(Map.of()), List.of("127.0.0.0/8"));
        var secrets = new Secrets(Path.of("none"), Map.of());
        this.worker =
                Worker.start(
                        config,
                        manifest,
                        new Backends(config, vertx, secrets, new SimpleMeterRegistry())
                                .of(manifest),
                        new Worker.Ports(
                                vertx,
                                queue,
                                new SlotContext.Outside(
                                        gateway.replyDesk(),
                                        this::keep,
                                        _ -> done(),
                                        Clock.systemUTC()),
                                new SimpleMeterRegistry(),
                                "worker-1",
                                _ -> {}));
    }

    private static AccessServerConfig accessConfig(DatabaseConfig database) {
        return new AccessServerConfig(
                "127.0.0.1",
                0,
                database.readOnly(),
                AccessConfig.defaults(),
                ClientAddress.NO_PROXIES,
                // None is there: each node counts for itself then.
                RedisConfig.of("redis://127.0.0.1:1", Optional.empty()),
                1,
                SECRET,
                Duration.ofSeconds(1),
                1 << 20);
    }

    private Gateway gateway(LiveCatalog catalog) {
        var settings = new Settings(Map.of("UPLION_GATEWAY_DRAIN", "50ms"));
        var address = new GatewayConfig.Address("127.0.0.1", 0, Optional.empty());
        return Gateway.start(
                GatewayConfig.read(settings, address),
                new Gateway.Ports(
                        vertx,
                        new IdentityEdge(new IdentityToken(SECRET, Clock.systemUTC())),
                        new InProcessReservations(System::nanoTime),
                        new Claims(new ClaimSeal(SECRET), () -> PriceList.NONE),
                        kept,
                        new Relay.Outside(
                                catalog,
                                queue,
                                this::keep,
                                PoolReports.NOBODY_ELSE,
                                OtherGateways.NONE,
                                Clock.systemUTC()),
                        new Task.Gateway("127.0.0.1:1", UUID.randomUUID()),
                        new SimpleMeterRegistry()));
    }

    private CompletionStage<Void> keep(UsageRecord record) {
        usage.add(record);
        return done();
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    private void owner() {
        write("INSERT INTO accounts VALUES (?, 'Ada', 'PERSONAL', false, now())", account);
        write(
                "INSERT INTO users (id, email, name, personal_account, created_at)"
                        + " VALUES (?, 'ada@b.c', 'Ada', ?, now())",
                user,
                account);
        write("INSERT INTO account_members VALUES (?, ?, now())", account, user);
    }

    private void write(String sql, Object... values) {
        writes.jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    /// @param more columns of a key and their values, in SQL: `rpm = 2`
    String key(String... more) {
        var key = ApiKey.generate(new SecureRandom());
        var id = UUID.randomUUID();
        write(
                "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix, last4,"
                        + " created_at) VALUES (?, ?, ?, 'k', ?, ?, ?, now())",
                id,
                account,
                user,
                key.sha256().toBytes(),
                key.prefix(),
                key.last4());
        for (var column : more) {
            write("UPDATE api_keys SET " + column + " WHERE id = ?", id);
        }
        return key.secret().reveal();
    }

    UUID user() {
        return user;
    }

    FakeProvider provider() {
        return provider;
    }

    List<UsageRecord> usage() {
        return usage;
    }

    FaultProxy accessLine() {
        return accessLine;
    }

    int gatewayPort() {
        return gateway.port();
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        worker.close();
        queue.close();
        provider.close();
        accessLine.close();
        access.close();
        writes.close();
        postgres.close();
        vertx.close().await();
        kept.close();
        try (var left = Files.walk(files)) {
            for (var file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
