// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.platform.identity.Limits;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.invariant.Gauges;
import io.uplion.testing.load.Load;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.platform.Program;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// `./uplion up --distributed` with two gateways and two workers of each model, real processes all
/// of them, in front of a fake provider. One for all tests of this module, because it takes long to
/// start; whatever a test kills is started again.
final class Cluster extends Processes implements AutoCloseable {
    static final Duration START = Duration.ofMinutes(5);

    /// Of each model.
    static final int WORKERS = 2;

    /// So that everything costs something, and nothing is unbounded.
    private static final String PRICED =
            """
              price: {inputPerMillion: "1", outputPerMillion: "2"}
              limits: {outputTokens: 4096}
            """;

    /// Never met, but whoever has them has his tasks counted and his money held.
    private static final Limits AMPLE =
            new Limits(
                    Optional.of(1_000_000L),
                    Optional.of(1_000_000_000L),
                    Optional.of(10_000),
                    Optional.of(new Limits.Budget(1_000_000_000_000_000L, Limits.Period.TOTAL)));

    private static Cluster shared;

    private final Path data;
    private final FakeProvider provider;
    private final Program program;
    private final Witness witness = new Witness(this);
    private final Set<String> models = ConcurrentHashMap.newKeySet();
    private ClusterBooks books;
    private String key = "";

    private Cluster(Path data, FakeProvider provider, Program program) {
        super(data);
        this.data = data;
        this.provider = provider;
        this.program = program;
    }

    /// The one that all tests share; starts it where none runs. Skips the test where the machine
    /// lacks what it needs.
    static synchronized Cluster shared() {
        if (shared == null) {
            shared = start(directory(), 2, Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /// @param data where its files will be
    /// @param environment settings for all services
    static Cluster start(Path data, int gateways, Map<String, String> environment) {
        return start(data, gateways, environment, "");
    }

    /// @param more of the manifest of the model `fake`
    static Cluster start(
            Path data, int gateways, Map<String, String> environment, String more) {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
        assumeTrue(
                Files.isDirectory(pulsar()),
                "needs Pulsar's distribution: ./uplion fetch-pulsar brings it");
        FakeProvider provider = FakeProvider.start();
        write(data, "fake", manifest("fake", provider, more));
        Program program =
                Program.start(
                        environment,
                        "up",
                        "--distributed",
                        "--gateways",
                        Integer.toString(gateways),
                        "--workers",
                        Integer.toString(WORKERS),
                        "--port",
                        "0",
                        "--data",
                        data.toString());
        Cluster cluster = new Cluster(data, provider, program);
        cluster.models.addAll(List.of("fake", "simulator"));
        try {
            program.awaitReady(START);
            cluster.openBooks();
        } catch (AssertionError notReady) {
            cluster.close();
            throw notReady;
        }
        return cluster;
    }

    private void openBooks() {
        books = new ClusterBooks(this);
        key = books.newKey("clients", AMPLE).secret().reveal();
        Await.until("the clients' budget is open", START, () -> answers("fake"));
    }

    static Path directory() {
        try {
            Path data = Files.createTempDirectory("uplion-cluster-");
            Files.createDirectories(data.resolve("models"));
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path pulsar() {
        String home = System.getenv("UPLION_PULSAR_HOME");
        return Path.of(home == null ? "none" : home);
    }

    String url() {
        return program.url();
    }

    Program program() {
        return program;
    }

    Path data() {
        return data;
    }

    Witness witness() {
        return witness;
    }

    /// Those that have a manifest.
    Set<String> models() {
        return models;
    }

    FakeProvider provider() {
        return provider;
    }

    ClusterBooks books() {
        return books;
    }

    /// Of a key with limits and a budget that are never met.
    String apiKey() {
        return key;
    }

    /// Of a key without limits: its requests need nobody who counts.
    String unlimitedKey() {
        return read(data.resolve("first-run.json")).path("apiKey").asText();
    }

    Map<String, String> headers() {
        return headers(apiKey());
    }

    private static Map<String, String> headers(String key) {
        return Map.of("authorization", "Bearer " + key, "content-type", "application/json");
    }

    /// Another key of the administrator's.
    String newKey() {
        Program.Ended made = Program.run("key", "create", "--data", data.toString());
        if (made.status() != 0) {
            throw new AssertionError(made.errors());
        }
        return made.output().strip();
    }

    /// What a gateway measures, over all its models.
    double metric(String gateway, String name) {
        return Gauges.fetch(Gauges.Role.GATEWAY, endpoint(gateway + "-health"))
                .sums()
                .getOrDefault(name, 0.0);
    }

    /// Makes a model of a test's own and waits until all its workers can answer.
    void model(String name, String script, String more) {
        provider.script(name, "tokens=1");
        write(name, more);
        Await.until(
                "the workers of " + name + " are ready",
                Duration.ofSeconds(90),
                () -> workersOf(name).stream().filter(this::isReady).count() == WORKERS);
        Await.until("the model " + name + " answers", Duration.ofSeconds(90), () -> answers(name));
        provider.script(name, script);
    }

    List<String> workersOf(String model) {
        return names("worker").stream().filter(worker -> serves(worker, model)).toList();
    }

    private boolean serves(String worker, String model) {
        try (RawHttp http = RawHttp.connect(endpoint(worker))) {
            String metrics = http.get("/metrics").readResponse().body();
            return metrics.contains("model=\"" + model + "\"");
        } catch (RuntimeException e) {
            return false;
        }
    }

    void write(String name, String more) {
        models.add(name);
        write(data, name, manifest(name, provider, more));
    }

    /// @param more with a price of its own, or what is usual here
    private static String manifest(String name, FakeProvider provider, String more) {
        boolean priced = more.contains("price:");
        return Platform.manifest(name, provider.baseUrl(), priced ? more : more + PRICED);
    }

    private static void write(Path data, String name, String manifest) {
        try {
            Files.writeString(data.resolve("models").resolve(name + ".yaml"), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A model that is not needed any more: its workers end.
    void remove(String name) {
        models.remove(name);
        try {
            Files.deleteIfExists(data.resolve("models").resolve(name + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether a client of the reverse proxy gets a whole answer now.
    boolean answers(String model) {
        return witness.answers(model);
    }

    RawResponse chat(String model) {
        return chat(model, "hi");
    }

    RawResponse chat(String model, String content) {
        return chat(url(), apiKey(), model, content);
    }

    /// @param url of the reverse proxy or of a gateway
    RawResponse chat(String url, String key, String model, String content) {
        String body =
                "{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + content
                        + "\"}]}";
        try (RawHttp http = RawHttp.connect(url).waitAtMost(Duration.ofSeconds(60))) {
            RawResponse answer =
                    http.post("/v1/chat/completions", body, headers(key)).readResponse();
            witness.asked(answer.header("x-request-id"));
            return answer;
        }
    }

    /// A request that no load has sent.
    void asked(String requestId) {
        witness.asked(requestId);
    }

    RawResponse get(String path) {
        return get(path, "Bearer " + apiKey());
    }

    RawResponse get(String path, String authorization) {
        try (RawHttp http = RawHttp.connect(url())) {
            return http.send(
                            "GET "
                                    + path
                                    + " HTTP/1.1\r\nhost: localhost\r\nauthorization: "
                                    + authorization
                                    + "\r\n\r\n")
                    .readResponse();
        }
    }

    /// As the client was told it.
    static String requestId(UsageRecord usage) {
        return Task.requestId(usage.claim().task());
    }

    /// Clients of the reverse proxy.
    Load load() {
        return witness.watch(unwatched());
    }

    Load unwatched() {
        return Load.on(apiKey(), List.of(url()));
    }

    /// Clients of the reverse proxy with another key.
    Load loadAs(String key) {
        return witness.watch(Load.on(key, List.of(url())));
    }

    /// Clients of the reverse proxy and of each gateway, in turn.
    Load loadOnAll() {
        List<String> urls = new ArrayList<>(List.of(url()));
        names("gateway").forEach(name -> urls.add(endpoint(name)));
        return witness.watch(Load.on(apiKey(), urls));
    }

    /// Clients of each gateway, in turn, with another key.
    Load loadOnGatewaysAs(String other) {
        return witness.watch(
                Load.on(other, names("gateway").stream().map(this::endpoint).toList()));
    }

    /// Clients of one gateway.
    Load loadOn(String gateway) {
        return witness.watch(Load.on(apiKey(), List.of(endpoint(gateway))));
    }

    /// What the usage topic has.
    List<UsageRecord> usage() {
        List<UsageRecord> records = new ArrayList<>();
        try (PulsarConnection connection = PulsarConnection.open(endpoint("pulsar"));
                PulsarUsage usage = new PulsarUsage(connection)) {
            usage.read(records::add);
        }
        return records;
    }

    /// What an operator is told of dead letters.
    String letters(String... arguments) {
        List<String> command = new ArrayList<>(List.of("letters", "--data", data.toString()));
        command.addAll(List.of(arguments));
        Program.Ended ended = Program.run(command.toArray(String[]::new));
        if (ended.status() != 0) {
            throw new AssertionError(ended.errors());
        }
        return ended.output();
    }

    @Override
    public void close() {
        if (books != null) {
            books.close();
        }
        program.close();
        provider.close();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(Cluster::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
