// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.platform.Program;
import io.uplion.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartE2E {
    /// It takes about a second. One that began by making everything anew would take longer than
    /// this on a slow machine only.
    private static final Duration LATER_START = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void firstStartShowsAndKeepsSecretsAndLaterStartsReuseTheData() throws Exception {
        var data = directory.resolve("made/on/the/way");
        String key;
        try (var up = Program.up(data)) {
            assertThat(up.output().lines().filter(line -> line.startsWith("ready: ")))
                    .singleElement()
                    .asString()
                    .matches("ready: http://127\\.0\\.0\\.1:\\d+");
            var file = data.resolve("first-run.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            var json = new ObjectMapper().readTree(file.toFile());
            assertThat(json.fieldNames()).toIterable().containsExactly("url", "admin", "apiKey");
            assertThat(json.path("admin").fieldNames())
                    .toIterable()
                    .containsExactly("email", "password");
            assertThat(json.path("url").asText()).isEqualTo(up.url());
            assertThat(json.path("admin").path("password").asText()).hasSizeGreaterThan(15);
            for (var closed : List.of("", "models", "usage", "dead-letters", "postgres")) {
                assertThat(
                                PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(data.resolve(closed))))
                        .as("mode of DATA/" + closed)
                        .isEqualTo("rwx------");
            }
            key = json.path("apiKey").asText();
            assertThat(up.output())
                    .contains(
                            key,
                            json.path("admin").path("email").asText(),
                            json.path("admin").path("password").asText());
            assertThat(Client.of(up.url(), key).chat("simulator").statusCode()).isEqualTo(200);
            assertThat(up.errors()).doesNotContain("WARNING").doesNotContain("[warning]");
        }
        Files.delete(data.resolve("first-run.json"));
        var made = List.of(data.resolve("postgres/PG_VERSION"), data.resolve("models"));
        var times = times(made);
        try (var up = Program.start(Map.of(), "up", "--port=0", "--data=" + data)) {
            up.awaitReady(LATER_START);
            assertThat(data.resolve("first-run.json")).doesNotExist();
            assertThat(up.output()).doesNotContain("password").doesNotContain("upl_");
            assertThat(up.output() + up.errors()).doesNotContain("building", "unpacking");
            assertThat(times(made)).as("nothing is made anew").isEqualTo(times);
            assertThat(Client.of(up.url(), key).chat("simulator").statusCode()).isEqualTo(200);
        }
    }

    private static List<FileTime> times(List<Path> files) throws IOException {
        var times = new ArrayList<FileTime>();
        for (var file : files) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    @Test
    void optionsSayWhereToListenAndWhereTheModelsAre() throws Exception {
        var models = directory.resolve("manifests");
        Models.write(models, "mine", "1ms");
        var data = directory.resolve("data");
        int port = freePort();
        int management = freePort();
        try (var up =
                Program.start(
                        Map.of(),
                        "up",
                        "--data=" + data,
                        "--models=" + models,
                        "--port=" + port,
                        "--management-port=" + management,
                        "--host=127.0.0.2")) {
            up.awaitReady();
            assertThat(up.url()).isEqualTo("http://127.0.0.2:" + port);
            assertThat(up.find("models: "))
                    .hasValueSatisfying(listed -> assertThat(listed).contains("mine", "simulator"));
            var client = Client.first(up.url(), data);
            assertThat(client.chat("mine").statusCode()).isEqualTo(200);
            var manager = Client.of("http://127.0.0.2:" + management, "");
            assertThat(manager.get("/livez").statusCode()).isEqualTo(200);
            assertThat(manager.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(manager.get("/metrics").body()).contains("# HELP");
            assertThat(data.resolve("models")).doesNotExist();
        }
    }

    @Test
    void modelsThatWereFoundAreListedAtTheStart() throws Exception {
        try (var openAi = FakeProvider.start();
                var ollama = FakeProvider.start();
                var llamaCpp = FakeProvider.start()) {
            openAi.script("gpt-found", "tokens=2");
            ollama.script("llama-found", "tokens=2");
            llamaCpp.script("gguf-found", "tokens=2");
            var own =
                    Map.of(
                            "OPENAI_API_KEY",
                            "sk-found",
                            "OPENAI_BASE_URL",
                            openAi.baseUrl(),
                            "OLLAMA_HOST",
                            "127.0.0.1:" + ollama.port(),
                            "LLAMACPP_BASE_URL",
                            llamaCpp.baseUrl());
            var data = directory.resolve("data");
            try (var up = Program.up(own, data)) {
                assertThat(up.find("models: ").orElseThrow().split(", "))
                        .contains("gpt-found", "llama-found", "gguf-found", "simulator");
                assertThat(Client.first(up.url(), data).chat("llama-found").statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void metricsAreOnTheNextPortWhereNoOtherIsTold() throws Exception {
        int port = freePair();
        var data = directory.resolve("data");
        try (var up = Program.start(Map.of(), "up", "--data=" + data, "--port=" + port)) {
            up.awaitReady();
            assertThat(up.url()).isEqualTo("http://127.0.0.1:" + port);
            var manager = Client.of("http://127.0.0.1:" + (port + 1), "");
            assertThat(manager.get("/metrics").body()).contains("# HELP");
            assertThat(up.find("metrics: ")).hasValue(manager.url() + "/metrics");
        }
    }

    @Test
    void addressesArePrintedAsTheyCanBeCalled() throws Exception {
        try (var up = Program.up(directory.resolve("data"), "--host", "::1")) {
            assertThat(up.url()).matches("http://\\[::1]:\\d+");
            var metrics = URI.create(up.find("metrics: ").orElseThrow());
            assertThat(metrics.getHost()).isEqualTo("[::1]");
            var manager = Client.of("http://" + metrics.getAuthority(), "");
            assertThat(manager.get(metrics.getPath()).statusCode()).isEqualTo(200);
        }
    }

    /// The first half of an answer, then nothing.
    @Test
    void aModelServerThatStallsHoldsNeitherTheStartNorTheEnd() throws Exception {
        try (var stalled = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> stall(stalled));
            var own =
                    Map.of(
                            "LLAMACPP_BASE_URL",
                            "http://127.0.0.1:" + stalled.getLocalPort() + "/v1");
            try (var up = Program.up(own, directory.resolve("data"))) {
                assertThat(up.errors()).contains("it did not answer within 3 s");
                up.signal("TERM");
                assertThat(up.awaitEnd(Duration.ofSeconds(20))).isZero();
            }
        }
    }

    private static void stall(ServerSocket server) {
        try {
            while (true) {
                var answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"data\":[";
                server.accept().getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    @Test
    void helpAndVersionStartNothing() {
        var help = Program.run("up", "--help");
        assertThat(help.status()).isZero();
        assertThat(help.output())
                .contains("--port", "--host", "--tls-cert", "--tls-key", "--data", "--models")
                .contains("--management-port", "--help", "--version");
        var version = Program.run("up", "--version");
        assertThat(version.status()).isZero();
        assertThat(version.output()).startsWith("uplion ");
        var launcher = Program.run("--version");
        assertThat(launcher.status()).isZero();
        assertThat(version.output().lines().findFirst())
                .hasValue(launcher.output().lines().findFirst().orElseThrow());
        assertThat(Program.run("--help").output())
                .contains("up ", "test ", "bench ", "admin ", "key ");
    }

    @Test
    void aCacheThatDoesNotFitIsPassedOverInSilence() throws Exception {
        var broken = Files.writeString(directory.resolve("broken.aot"), "no cache");
        for (var cache : List.of(broken, directory.resolve("missing.aot"))) {
            var own = Map.of("UPLION_JAVA_OPTS", "-XX:AOTCache=" + cache);
            var ended = Program.run(own, "up", "--version");
            assertThat(ended.status()).isZero();
            assertThat(ended.errors()).isEmpty();
            assertThat(ended.output()).startsWith("uplion ");
        }
    }

    @Test
    void unknownCommandAndOptionAreNamed() {
        var command = Program.run("fly");
        assertThat(command.status()).isNotZero();
        assertThat(command.errors()).contains("fly");
        var option = Program.run("up", "--prot", "1");
        assertThat(option.status()).isNotZero();
        assertThat(option.errors()).contains("--prot").doesNotContain("\tat ");
    }

    private static int freePair() throws IOException {
        while (true) {
            int port = freePort();
            try (var _ = new ServerSocket(port + 1)) {
                return port;
            } catch (IOException | IllegalArgumentException _) {
                // Taken, or beyond the last one: another pair.
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
