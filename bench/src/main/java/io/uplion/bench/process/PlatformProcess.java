// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.bench.load.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `./uplion up` with a data directory of its own and one model, `bench`, that the fake provider
/// serves.
public final class PlatformProcess implements AutoCloseable {
    /// The launcher may have to build the platform and to train its start first.
    private static final Duration START = Duration.ofMinutes(10);

    private static final String MODEL = "bench";

    /// Nothing that happens to run on this machine belongs to a benchmark.
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "OLLAMA_HOST", "127.0.0.1:1",
                    "LLAMACPP_BASE_URL", "http://127.0.0.1:1",
                    "OPENAI_API_KEY", "",
                    "OPENAI_BASE_URL", "",
                    "JAVA_HOME", System.getProperty("java.home"));

    private final ChildProcess process;
    private final int port;
    private final Path data;

    private PlatformProcess(ChildProcess process, int port, Path data) {
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
        Path data = prepare(bed, provider, model);
        PlatformProcess platform = launch(bed, data);
        platform.awaitReady();
        return platform;
    }

    /// The data directory of a platform that was never started.
    public static Path prepare(Bed bed, ProviderProcess provider, Model model) {
        try {
            Path data = bed.directory().resolve("data");
            Path models = Files.createDirectories(data.resolve("models"));
            Files.writeString(models.resolve("bench.yaml"), manifest(provider, model));
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it on that data and does not wait.
    public static PlatformProcess launch(Bed bed, Path data) {
        int port = Bed.freePort();
        List<String> command = command(bed.root(), data, port);
        ChildProcess process =
                ChildProcess.start("platform", command, ENVIRONMENT, bed.directory());
        return bed.add(new PlatformProcess(process, port, data));
    }

    public void awaitReady() {
        process.awaitLine("ready: ", START);
    }

    /// By the launcher, whose flags and caches count; without one, by its classes.
    private static List<String> command(Path root, Path data, int port) {
        List<String> arguments =
                List.of(
                        "up",
                        "--port=" + port,
                        "--management-port=0",
                        "--data=" + data.toAbsolutePath());
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

    private static String manifest(ProviderProcess provider, Model model) {
        return """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: remote
                  remote: {provider: openai, baseUrl: "%s", model: "%s"}
                  concurrency: %d
                  timeout: 1h
                """
                .formatted(MODEL, provider.url(), model.script(), model.slots());
    }

    public Target target() {
        return new Target("uplion", "127.0.0.1", port, apiKey(), MODEL);
    }

    private String apiKey() {
        try {
            return new ObjectMapper()
                    .readTree(data.resolve("first-run.json").toFile())
                    .path("apiKey")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Duration cpu() {
        return process.cpu();
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
