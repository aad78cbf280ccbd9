// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.catalog.price.PriceList;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.gateway.Gateway;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.OtherGateways;
import io.uplion.gateway.PoolReports;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.idempotency.FileIdempotency;
import io.uplion.gateway.idempotency.IdempotencyStore;
import io.uplion.gateway.relay.Relay;
import io.uplion.gateway.reply.ReplyServer;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.InProcessQueue;
import io.uplion.queue.TaskQueue;
import io.uplion.task.Attach;
import io.uplion.task.ClaimSeal;
import io.uplion.task.FromGateway;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.fault.FaultProxy;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.worker.Backends;
import io.uplion.worker.LoopExecutor;
import io.uplion.worker.Worker;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.attempt.SlotContext;
import io.uplion.worker.reply.GrpcReplyDesk;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import io.uplion.worker.secret.Secrets;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A real gateway and a real worker that share nothing but a queue, with a line for the reply
/// streams that a test can cut.
final class SplitPlatform implements AutoCloseable {
    static final String MODEL = "m";
    private static final Principal ANYBODY =
            new Principal(
                    new UUID(1, 1),
                    new UUID(2, 2),
                    Optional.of(new UUID(3, 3)),
                    Set.of(Principal.Role.MEMBER),
                    Set.of(),
                    Set.of());

    private final Vertx gatewayLoops = Vertx.vertx();
    private final Vertx workerLoops = Vertx.vertx();
    private final FakeProvider provider = FakeProvider.start();
    private final InProcessQueue queue = new InProcessQueue(new LoopExecutor(workerLoops));
    private final List<Task> published = new CopyOnWriteArrayList<>();
    private final List<UsageRecord> usage = new CopyOnWriteArrayList<>();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> granted = new CopyOnWriteArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicReference<Gateway> relay = new AtomicReference<>();
    private final ReplyServer server;
    private final FaultProxy proxy;
    private final GrpcReplyDesk desk = GrpcReplyDesk.start(GrpcReplyDeskConfig.DEFAULT);
    private final Gateway gateway;
    private final AIModel manifest;
    private Worker worker;

    private SplitPlatform(String spec) {
        this.server =
                ReplyServer.start(
                        ReplyServerConfig.at("127.0.0.1", 0),
                        (attach, heard) -> relay.get().replyDesk().attach(attach, heard));
        this.proxy = FaultProxy.before("127.0.0.1", server.port());
        this.manifest = manifest(spec);
        queue.createTopic(MODEL);
        this.gateway = gateway();
        relay.set(gateway);
        this.worker = worker("worker-1");
    }

    /// @param spec more lines of the manifest's
    static SplitPlatform start(String spec) {
        return new SplitPlatform(spec);
    }

    private AIModel manifest(String spec) {
        var yaml =
                """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: m}
                spec:
                  type: remote
                  remote: {provider: openai, baseUrl: "%s"}
                """
                        .formatted(provider.baseUrl());
        return ManifestReader.read("m.yaml", yaml + spec).models().getFirst();
    }

    private Gateway gateway() {
        var catalog = new LiveCatalog(Clock.systemUTC());
        catalog.put(manifest, PoolStatus.RUNNING);
        var settings = new Settings(Map.of("UPLION_GATEWAY_DRAIN", "50ms"));
        var address = new GatewayConfig.Address("127.0.0.1", 0, Optional.empty());
        return Gateway.start(
                GatewayConfig.read(settings, address),
                new Gateway.Ports(
                        gatewayLoops,
                        _ -> CompletableFuture.completedFuture(new Edge.Admitted(ANYBODY)),
                        new InProcessReservations(System::nanoTime),
                        new Claims(
                                new ClaimSeal(Secret.of("0123456789abcdef0123456789abcdef")),
                                () -> PriceList.NONE),
                        ownFiles(),
                        new Relay.Outside(
                                catalog,
                                new Watched(queue, published),
                                this::keep,
                                PoolReports.NOBODY_ELSE,
                                OtherGateways.NONE,
                                Clock.systemUTC()),
                        new Task.Gateway(proxy.address(), UUID.randomUUID()),
                        meters));
    }

    private static IdempotencyStore ownFiles() {
        try {
            var directory = Files.createTempDirectory("uplion-idempotency-");
            directory.toFile().deleteOnExit();
            return FileIdempotency.open(directory, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Worker worker(String name) {
        var config = WorkerConfig.read(new Settings(Map.of()), List.of("127.0.0.0/8"));
        var secrets = new Secrets(Path.of("none"), Map.of());
        return Worker.start(
                config,
                manifest,
                new Backends(config, workerLoops, secrets, new SimpleMeterRegistry()).of(manifest),
                new Worker.Ports(
                        workerLoops,
                        new Apart(queue, workerLoops),
                        new SlotContext.Outside(
                                this::attach, this::keep, this::keep, Clock.systemUTC()),
                        new SimpleMeterRegistry(),
                        name,
                        _ -> {}));
    }

    /// The worker goes, and another comes.
    void replaceWorker() {
        worker.close();
        worker = worker("worker-2");
    }

    private ReplyStream attach(Attach attach, Consumer<FromGateway> heard) {
        asked.add(attach.worker());
        return desk.attach(
                attach,
                message -> {
                    if (message instanceof FromGateway.Lost) {
                        lost.incrementAndGet();
                    }
                    if (message instanceof FromGateway.Go) {
                        granted.add(attach.worker());
                    }
                    heard.accept(message);
                });
    }

    private CompletionStage<Void> keep(UsageRecord record) {
        usage.add(record);
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> keep(DeadLetter letter) {
        letters.add(letter);
        return CompletableFuture.completedFuture(null);
    }

    String url() {
        return "http://127.0.0.1:" + gateway.port() + "/v1/chat/completions";
    }

    URI root() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    FakeProvider provider() {
        return provider;
    }

    FaultProxy proxy() {
        return proxy;
    }

    ReplyServer server() {
        return server;
    }

    List<Task> published() {
        return published;
    }

    List<UsageRecord> usage() {
        return usage;
    }

    List<DeadLetter> letters() {
        return letters;
    }

    TaskQueue queue() {
        return queue;
    }

    /// Workers that have asked for leave, each time that they have.
    List<String> asked() {
        return asked;
    }

    /// Workers that were given leave, alike.
    List<String> granted() {
        return granted;
    }

    /// How often the worker lost its gateway.
    int lost() {
        return lost.get();
    }

    int openRequests() {
        return (int) meters.get("uplion.gateway.requests.open").gauge().value();
    }

    @Override
    public void close() {
        gateway.close();
        worker.close();
        desk.close();
        proxy.close();
        server.close();
        queue.close();
        provider.close();
        workerLoops.close().await();
        gatewayLoops.close().await();
    }
}
