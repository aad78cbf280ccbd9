// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.invariant.Evidence;
import io.uplion.testing.invariant.Gauges;
import io.uplion.testing.invariant.InvariantChecker;
import io.uplion.testing.invariant.ProviderRecord;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Load;
import io.uplion.testing.load.Observation;
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
import java.util.stream.Stream;

/// `./uplion up --distributed` with two gateways and two workers of each model, real processes all
/// of them, in front of a fake provider. One for all tests of this module, because it takes long to
/// start; whatever a test kills is started again.
final class Cluster implements AutoCloseable {
    static final Duration START = Duration.ofMinutes(3);

    /// Of each model.
    static final int WORKERS = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Cluster shared;

    private final Path data;
    private final FakeProvider provider;
    private final Program program;

    private Cluster(Path data, FakeProvider provider, Program program) {
        this.data = data;
        this.provider = provider;
        this.program = program;
    }

    /// The one that all tests share; starts it where none runs. Skips the test where the machine
    /// lacks what it needs.
    static synchronized Cluster shared() {
        if (shared == null) {
            shared = start(Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /// @param environment settings for all services
    static Cluster start(Map<String, String> environment) {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
        assumeTrue(
                Files.isDirectory(pulsar()),
                "needs Pulsar's distribution: ./uplion fetch-pulsar brings it");
        try {
            Path data = Files.createTempDirectory("uplion-cluster-");
            FakeProvider provider = FakeProvider.start();
            Files.createDirectories(data.resolve("models"));
            Files.writeString(
                    data.resolve("models/fake.yaml"),
                    Platform.manifest("fake", provider.baseUrl(), ""));
            Program program =
                    Program.start(
                            environment,
                            "up",
                            "--distributed",
                            "--gateways",
                            "2",
                            "--workers",
                            Integer.toString(WORKERS),
                            "--port",
                            "0",
                            "--data",
                            data.toString());
            Cluster cluster = new Cluster(data, provider, program);
            try {
                program.awaitReady(START);
            } catch (AssertionError notReady) {
                cluster.close();
                throw notReady;
            }
            return cluster;
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

    FakeProvider provider() {
        return provider;
    }

    String apiKey() {
        return read(data.resolve("first-run.json")).path("apiKey").asText();
    }

    Map<String, String> headers() {
        return Map.of("authorization", "Bearer " + apiKey(), "content-type", "application/json");
    }

    /// Where a process answers: `gateway-1`, `worker-2-health`, `pulsar`, …
    String endpoint(String name) {
        return read(data.resolve("run/endpoints.json")).path(name).asText();
    }

    List<String> names(String kind) {
        List<String> names = new ArrayList<>();
        read(data.resolve("run/endpoints.json"))
                .fieldNames()
                .forEachRemaining(
                        name -> {
                            if (name.matches(kind + "-\\d+")) {
                                names.add(name);
                            }
                        });
        return names;
    }

    /// The process that a child is now; waits for one that is being started again.
    ProcessHandle process(String name) {
        Await.until(name + " runs", Duration.ofSeconds(90), () -> find(name).isPresent());
        return find(name).orElseThrow();
    }

    private Optional<ProcessHandle> find(String name) {
        Path pid = data.resolve("run").resolve(name + ".pid");
        return Files.exists(pid)
                ? ProcessHandle.of(Long.parseLong(text(pid).strip())).filter(ProcessHandle::isAlive)
                : Optional.empty();
    }

    private boolean isAnother(String name, long before) {
        return find(name).filter(now -> now.pid() != before).isPresent();
    }

    /// @param signal as `kill` knows it: `KILL`, `STOP`, `CONT`, `TERM`
    void signal(String name, String signal) {
        signal(process(name).pid(), signal);
    }

    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the child runs again as another process and is ready.
    void awaitAgain(String name, long before) {
        Await.until(
                name + " runs again",
                Duration.ofSeconds(90),
                () -> isAnother(name, before) && isReady(name));
    }

    void killAndAwait(String name) {
        long before = process(name).pid();
        signal(before, "KILL");
        awaitAgain(name, before);
    }

    /// Of one that has no health of its own.
    void awaitProcess(String name, long before) {
        Await.until(name + " runs again", Duration.ofSeconds(90), () -> isAnother(name, before));
    }

    boolean isReady(String name) {
        String health = endpoint(name + "-health");
        String url = health.isEmpty() ? endpoint(name) : health;
        try (RawHttp http = RawHttp.connect(url)) {
            return http.get("/readyz").readResponse().status() == 200;
        } catch (RuntimeException e) {
            return false;
        }
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
        Await.until(
                "the model " + name + " answers",
                Duration.ofSeconds(90),
                () -> chat(name).status() == 200);
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
        try {
            Files.writeString(
                    data.resolve("models").resolve(name + ".yaml"),
                    Platform.manifest(name, provider.baseUrl(), more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A model that is not needed any more: its workers end.
    void remove(String name) {
        try {
            Files.deleteIfExists(data.resolve("models").resolve(name + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawResponse chat(String model) {
        return chat(model, "hi");
    }

    RawResponse chat(String model, String content) {
        String body =
                "{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + content
                        + "\"}]}";
        try (RawHttp http = RawHttp.connect(url()).waitAtMost(Duration.ofSeconds(60))) {
            return http.post("/v1/chat/completions", body, headers()).readResponse();
        }
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
        return Load.on(apiKey(), List.of(url()));
    }

    /// Clients of one gateway.
    Load loadOn(String gateway) {
        return Load.on(apiKey(), List.of(endpoint(gateway)));
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

    /// Observations with all that the processes and the usage topic say now.
    Evidence evidence(List<Observation> observations) {
        Evidence evidence = Evidence.of(observations).usage(usage());
        for (String gateway : names("gateway")) {
            evidence =
                    evidence.gauges(
                            Gauges.fetch(Gauges.Role.GATEWAY, endpoint(gateway + "-health")));
        }
        for (String worker : names("worker")) {
            evidence = evidence.gauges(Gauges.fetch(Gauges.Role.WORKER, endpoint(worker)));
        }
        return evidence;
    }

    /// Waits until everything that must hold after a run holds.
    void assertInvariants(Rules rules, Load load) {
        List<Observation> observations = load.observations();
        new InvariantChecker(rules.besideOthers())
                .settle(
                        Duration.ofSeconds(60),
                        () -> evidence(observations).provider(ProviderRecord.of(provider)))
                .assertClean();
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

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
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
