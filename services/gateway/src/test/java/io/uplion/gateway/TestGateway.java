// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.price.PriceList;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.gateway.admission.Share;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.idempotency.FileIdempotency;
import io.uplion.gateway.idempotency.IdempotencyStore;
import io.uplion.gateway.relay.Relay;
import io.uplion.openai.Endpoint;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.task.ClaimSeal;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.http.Intake;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.wait.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// A gateway whose queue, workers and edge the test plays.
public final class TestGateway implements AutoCloseable {
    public static final String MODEL = "m";
    public static final Principal PRINCIPAL =
            new Principal(
                    new UUID(1, 1),
                    new UUID(2, 2),
                    Optional.of(new UUID(3, 3)),
                    Set.of(Principal.Role.MEMBER),
                    Set.of(),
                    Set.of());
    public static final ClaimSeal SEAL =
            new ClaimSeal(Secret.of("0123456789abcdef0123456789abcdef"));
    public static final AIModel.Price PRICE = new AIModel.Price(150, 75, 600);

    private final Vertx vertx = Vertx.vertx();
    private final FakeQueue queue = new FakeQueue(MODEL);
    private final LiveCatalog catalog = new LiveCatalog(Clock.systemUTC());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<UsageRecord> usage = new CopyOnWriteArrayList<>();
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final PoolReports reports =
            new PoolReports() {
                @Override
                public void troubled(String pool, PoolStatus status) {
                    reported.add("troubled " + pool + " " + status.upstreamStatus());
                }

                @Override
                public void answered(String pool, long grantedAt) {
                    reported.add("answered " + pool);
                }
            };
    private final InProcessReservations reservations;
    private final AtomicReference<PriceList> prices = new AtomicReference<>(PriceList.NONE);
    private final Map<String, Duration> lastStarts = new ConcurrentHashMap<>();
    private final Gateway gateway;

    private TestGateway(Map<String, String> settings, Edge edge, IdempotencyStore idempotency) {
        this.reservations = new InProcessReservations(System::nanoTime);
        catalog.put(pool("pool-a", Duration.ofMinutes(2)), PoolStatus.RUNNING);
        var read = new Settings(settings);
        var config =
                GatewayConfig.read(
                        read,
                        new GatewayConfig.Address("127.0.0.1", 0, Optional.empty()),
                        Optional.empty());
        read.check();
        this.gateway =
                Gateway.start(
                        config,
                        new Gateway.Ports(
                                vertx,
                                edge,
                                reservations,
                                new Claims(SEAL, prices::get),
                                idempotency,
                                new Relay.Outside(
                                        catalog,
                                        queue,
                                        this::publish,
                                        reports,
                                        others(),
                                        Clock.systemUTC()),
                                new Task.Gateway("test", UUID.randomUUID()),
                                meters));
    }

    private OtherGateways others() {
        return new OtherGateways() {
            @Override
            public Share share(String model) {
                return Share.ALONE;
            }

            @Override
            public int held(String model) {
                return 0;
            }

            @Override
            public Optional<Duration> lastStart(String model) {
                return Optional.ofNullable(lastStarts.get(model));
            }
        };
    }

    /// How long the model took to start the last time.
    public void lastStart(Duration took) {
        lastStarts.put(MODEL, took);
    }

    public static TestGateway start() {
        return start(Map.of());
    }

    /// @param settings names without `UPLION_GATEWAY_`
    public static TestGateway start(Map<String, String> settings) {
        return start(
                settings, _ -> CompletableFuture.completedFuture(new Edge.Admitted(PRINCIPAL)));
    }

    /// Where everybody who asks is this one.
    public static TestGateway startFor(Principal principal) {
        return start(
                Map.of(), _ -> CompletableFuture.completedFuture(new Edge.Admitted(principal)));
    }

    public static TestGateway start(Map<String, String> settings, Edge edge) {
        return start(settings, edge, ownFiles());
    }

    /// @param idempotency stays open: others may use it too
    public static TestGateway start(
            Map<String, String> settings, Edge edge, IdempotencyStore idempotency) {
        Map<String, String> environment = new HashMap<>();
        environment.put("UPLION_GATEWAY_DRAIN", "50ms");
        settings.forEach((name, value) -> environment.put("UPLION_GATEWAY_" + name, value));
        return new TestGateway(environment, edge, idempotency);
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

    /// As it was at the start: one pool that serves.
    public void reset() {
        queue.recover();
        queue.waiting(0);
        catalog.remove("pool-b");
        catalog.put(pool("pool-a", Duration.ofMinutes(2)), PoolStatus.RUNNING);
    }

    public static AIModel pool(String name, Duration firstFrameTimeout) {
        return pool(name, AIModel.DEFAULT_TIMEOUT, firstFrameTimeout);
    }

    public static AIModel pool(String name, Duration timeout, Duration firstFrameTimeout) {
        return new AIModel(
                name,
                MODEL,
                Serving.Simulator.DEFAULT,
                EnumSet.allOf(Endpoint.class),
                4,
                timeout,
                firstFrameTimeout,
                AIModel.Scaling.defaults(4),
                PRICE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    public static String chat(boolean stream) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":"
                + stream
                + "}";
    }

    private CompletionStage<Void> publish(UsageRecord record) {
        usage.add(record);
        return CompletableFuture.completedFuture(null);
    }

    /// What its tasks hold, and what is told of budgets.
    public InProcessReservations reservations() {
        return reservations;
    }

    /// From now on these are known.
    public void prices(PriceList list) {
        prices.set(list);
    }

    /// What the gateway itself has accounted for.
    public List<UsageRecord> usage() {
        return usage;
    }

    /// What it told the others of pools.
    public List<String> reported() {
        return reported;
    }

    public FakeQueue queue() {
        return queue;
    }

    public LiveCatalog catalog() {
        return catalog;
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    public long bodyBytes() {
        return (long) meters.get("uplion.gateway.body.bytes").gauge().value();
    }

    public Gateway gateway() {
        return gateway;
    }

    public String url() {
        return "http://127.0.0.1:" + gateway.port();
    }

    public RawHttp connect() {
        return RawHttp.connect(url());
    }

    /// Asks for a whole answer; it is read later.
    public RawHttp ask() {
        return connect().post("/v1/chat/completions", chat(false));
    }

    /// Asks for a stream; its head comes with the first frame.
    public RawHttp askForStream() {
        return askForStream(Intake.EAGER);
    }

    public RawHttp askForStream(Intake intake) {
        return RawHttp.connect(url(), intake).post("/v1/chat/completions", chat(true));
    }

    /// For streams whose head comes by itself.
    public SseClient stream(Map<String, String> headers) {
        return SseClient.post(
                url() + "/v1/chat/completions", chat(true), headers, Duration.ofSeconds(10));
    }

    public FakeWorker worker(Task task, String name) {
        return worker(task, "pool-a", name);
    }

    public FakeWorker worker(Task task, String pool, String name) {
        return new FakeWorker(queue, gateway.replyDesk(), task, pool, name);
    }

    public int openRequests() {
        return (int) meters.get("uplion.gateway.requests.open").gauge().value();
    }

    /// Nobody waits any more, neither for an answer nor in memory.
    public void awaitIdle() {
        Await.until("no request is open", Duration.ofSeconds(10), () -> openRequests() == 0);
    }

    @Override
    public void close() {
        gateway.close();
        queue.close();
        vertx.close().await();
    }
}
