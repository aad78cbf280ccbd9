// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.bench.load.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// `./uplion up` with a data directory of its own and one model, `bench`, that the fake provider
/// serves.
public final class PlatformProcess implements AutoCloseable {
    /// The launcher may have to build the platform and to train its start first.
    private static final Duration START = Duration.ofMinutes(10);

    private static final String MODEL = "bench";
    private static final long POLL_NANOS = 5_000_000;

    /// Nothing that happens to run on this machine belongs to a benchmark.
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "OLLAMA_HOST", "127.0.0.1:1",
                    "LLAMACPP_BASE_URL", "http://127.0.0.1:1",
                    "OPENAI_API_KEY", "",
                    "OPENAI_BASE_URL", "",
                    "JAVA_HOME", System.getProperty("java.home"));

    private static final String KEY_PREFIX = "upl_";

    private final Bed bed;
    private final ChildProcess process;
    private final int port;
    private final Path data;

    private PlatformProcess(Bed bed, ChildProcess process, int port, Path data) {
        this.bed = bed;
        this.process = process;
        this.port = port;
        this.data = data;
    }

    /// How the model behaves.
    ///
    /// @param script what the fake provider is to do; see the README of testing/support
    /// @param slots requests that may run at once
    public record Model(String script, int slots) {}

    /// Starts the platform with fresh data and waits until it is ready.
    public static PlatformProcess start(Bed bed, ProviderProcess provider, Model model) {
        PlatformProcess platform = launch(bed, prepare(bed, provider, model));
        platform.awaitReady();
        return platform;
    }

    /// Starts its distributed form, one gateway and one worker in processes of their own.
    ///
    /// @param settings of the broker, over those that the platform sets
    public static PlatformProcess startDistributed(
            Bed bed, ProviderProcess provider, Model model, Map<String, String> settings) {
        Path data = prepare(bed, provider, model);
        StringBuilder own = new StringBuilder();
        settings.forEach((name, value) -> own.append(name + "=" + value + "\n"));
        write(data.resolve("pulsar.conf"), own.toString());
        PlatformProcess platform = launch(bed, data, List.of("--distributed"));
        platform.awaitReady();
        return platform;
    }

    /// The data directory of a platform that was never started.
    public static Path prepare(Bed bed, ProviderProcess provider, Model model) {
        Path data = bed.directory().resolve("data");
        write(data.resolve("models/bench.yaml"), manifest(MODEL, provider, model));
        return data;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Another model, which is there some seconds later.
    public Target add(String name, ProviderProcess provider, Model model) {
        write(data.resolve("models").resolve(name + ".yaml"), manifest(name, provider, model));
        return new Target("uplion", "127.0.0.1", port, apiKey(), name);
    }

    /// Starts it on that data and does not wait.
    public static PlatformProcess launch(Bed bed, Path data) {
        return launch(bed, data, List.of());
    }

    private static PlatformProcess launch(Bed bed, Path data, List<String> more) {
        int port = Bed.freePort();
        List<String> up =
                List.of(
                        "up",
                        "--port=" + port,
                        "--management-port=0",
                        "--data=" + data.toAbsolutePath());
        List<String> command = program(bed.root(), concat(up, more));
        ChildProcess process =
                ChildProcess.start("platform", command, ENVIRONMENT, bed.directory());
        return bed.add(new PlatformProcess(bed, process, port, data));
    }

    public void awaitReady() {
        process.awaitLine("ready: ", START);
    }

    /// By the launcher, whose flags and caches count; without one, by its classes.
    private static List<String> program(Path root, List<String> arguments) {
        Path launcher = root.resolve("uplion");
        if (Files.isExecutable(launcher)) {
            return concat(List.of(launcher.toString()), arguments);
        }
        return JavaProgram.command(
                flags(),
                JavaProgram.classPath(root.resolve("standalone")),
                concat(List.of("io.uplion.standalone.Main"), arguments));
    }

    private static List<String> flags() {
        String more = System.getenv().getOrDefault("UPLION_JAVA_OPTS", "").strip();
        return concat(
                List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx768m"),
                more.isEmpty() ? List.of() : List.of(more.split("\\s+")));
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String manifest(String name, ProviderProcess provider, Model model) {
        return """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: remote
                  remote: {provider: openai, baseUrl: "%s", model: "%s"}
                  concurrency: %d
                  timeout: 1h
                  price: {inputPerMillion: "0.15", outputPerMillion: "0.60"}
                  limits: {outputTokens: 4096}
                """
                .formatted(name, provider.url(), model.script(), model.slots());
    }

    public Target target() {
        return new Target("uplion", "127.0.0.1", port, apiKey(), MODEL);
    }

    /// The same with a key that has every kind of limit, none of which is met.
    public Target governed() {
        List<String> command =
                program(
                        bed.root(),
                        List.of(
                                "key",
                                "create",
                                "--data=" + data.toAbsolutePath(),
                                "--rpm=1000000",
                                "--tpm=10000000000",
                                "--concurrent=100000",
                                "--budget=1000000/month"));
        try (ChildProcess create =
                ChildProcess.start("key", command, ENVIRONMENT, bed.directory())) {
            String key = KEY_PREFIX + create.awaitLine(KEY_PREFIX, START);
            return new Target("uplion", "127.0.0.1", port, key, MODEL);
        }
    }

    private String apiKey() {
        return json("first-run.json", "apiKey");
    }

    private String json(String file, String field) {
        try {
            return new ObjectMapper().readTree(data.resolve(file).toFile()).path(field).asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Duration cpu() {
        return process.cpu();
    }

    /// Of the JVM: the launcher has become it.
    public long pid() {
        return process.all().getFirst().pid();
    }

    /// Where a process of the distributed form answers.
    ///
    /// @param name `gateway-1`, `pulsar`, …
    public URI endpoint(String name) {
        return URI.create(json("run/endpoints.json", name));
    }

    /// Processor time so far of the distributed form's processes of a kind.
    ///
    /// @param kind `gateway`, `worker`, `pulsar`, …
    public Duration cpu(String kind) {
        try (Stream<Path> files = Files.list(data.resolve("run"))) {
            return files.filter(
                            file -> file.getFileName().toString().matches(kind + "(-\\d+)?\\.pid"))
                    .map(PlatformProcess::cpuOf)
                    .reduce(Duration.ZERO, Duration::plus);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills a process of the distributed form and waits until it is there again.
    ///
    /// @return from the start of the new process until it was ready, to 10 ms
    public Duration restart(String name, Duration limit) {
        ProcessHandle old = process(name).orElseThrow();
        old.destroyForcibly();
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<ProcessHandle> now =
                    process(name).filter(known -> known.pid() != old.pid() && isReady(name));
            if (now.isPresent()) {
                Instant start = now.get().info().startInstant().orElseThrow();
                return Duration.between(start, Instant.now());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IllegalStateException(name + " was not ready within " + limit);
    }

    /// Nothing while it is gone and not there yet.
    private Optional<ProcessHandle> process(String name) {
        try {
            String pid = Files.readString(data.resolve("run").resolve(name + ".pid")).strip();
            return ProcessHandle.of(Long.parseLong(pid));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean isReady(String name) {
        try {
            URI health = endpoint(name).resolve("/readyz");
            HttpURLConnection asked = (HttpURLConnection) health.toURL().openConnection();
            return asked.getResponseCode() == 200;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Duration cpuOf(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .flatMap(running -> running.info().totalCpuDuration())
                    .orElse(Duration.ZERO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ProcessMemory memory() {
        return new ProcessMemory(process, this::postmaster);
    }

    @Override
    public void close() {
        process.close();
        // It goes with the platform, unless that had to be killed.
        postmaster().ifPresent(ProcessHandle::destroy);
    }

    /// PostgreSQL's first process, which is nobody's child.
    private Optional<ProcessHandle> postmaster() {
        Path file = data.resolve("postgres").resolve("postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            return ProcessHandle.of(pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
