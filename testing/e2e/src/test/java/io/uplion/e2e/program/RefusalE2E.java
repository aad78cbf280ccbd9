// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.LocalCertificate;
import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Starts that cannot be: one clear line, nothing damaged, nothing left.
class RefusalE2E {
    private static final String READS_ALL = "-dac_override,-dac_read_search";

    @TempDir private Path directory;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void aTakenPortLeavesNoTrace() throws IOException {
        try (var taken = taken()) {
            var port = Integer.toString(taken.getLocalPort());
            assertThat(refused(Map.of(), "--port", port)).contains(port, "--port");
            assertThat(data()).doesNotExist();
        }
    }

    @Test
    void aTakenPortLeavesTheDataAsTheyAre() throws IOException {
        Program.up(data()).close();
        var kept = Files.readString(data().resolve("first-run.json"));
        var key = Client.firstKey(data());
        try (var taken = taken()) {
            var port = Integer.toString(taken.getLocalPort());
            assertThat(refused(Map.of(), "--port", port)).contains(port, "--port");
            assertThat(refused(Map.of(), "--port=0", "--management-port", port)).contains(port);
        }
        assertThat(data().resolve("first-run.json")).hasContent(kept);
        try (var up = Program.up(data())) {
            assertThat(up.find("first start: ")).isEmpty();
            assertThat(Client.of(up.url(), key).chat("simulator").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTakenManagementPortLeavesNoTrace() throws IOException {
        try (var taken = taken()) {
            var port = Integer.toString(taken.getLocalPort());
            assertThat(refused(Map.of(), "--port", "0", "--management-port", port))
                    .contains(port, "--management-port");
            assertThat(data()).doesNotExist();
        }
    }

    @Test
    void aModelsPathThatIsNoDirectoryLeavesNoTrace() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "no directory");
        for (var path : List.of(file, directory.resolve("missing"))) {
            assertThat(refused(Map.of(), "--port", "0", "--models", path.toString()))
                    .contains(path.toString());
        }
        assertThat(data()).doesNotExist();
        assertThat(directory.resolve("missing")).doesNotExist();
    }

    @Test
    void aModelsDirectoryThatCannotBeReadLeavesNoTrace() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "no directory");
        var loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        for (var path : List.of(file.resolve("models"), loop)) {
            assertThat(refused(Map.of(), "--port", "0", "--models", path.toString()))
                    .contains(path.toString());
        }
        var closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, Set.of());
        var ordinary = Files.isReadable(closed) ? withoutPrivileges() : Map.<String, String>of();
        assertThat(refused(ordinary, "--port", "0", "--models", closed.toString()))
                .contains(closed.toString(), "cannot be read");
        assertThat(data()).doesNotExist();
    }

    /// The superuser reads everything; here is a Java that gives that up first.
    private Map<String, String> withoutPrivileges() throws IOException {
        var setpriv = Path.of("/usr/bin/setpriv");
        var needs = "needs setpriv and the right to use it, or another user than root";
        assumeTrue(Files.isExecutable(setpriv), needs);
        var drop = setpriv + " --inh-caps=%1$s --bounding-set=%1$s".formatted(READS_ALL);
        assumeTrue(isDone(drop + " true"), needs);
        var java = Path.of(System.getProperty("java.home"));
        var own = directory.resolve("jdk");
        Workshop.script(
                own.resolve("bin/java"),
                """
                #!/bin/sh
                exec %s %s/bin/java "$@"
                """
                        .formatted(drop, java));
        Workshop.script(own.resolve("bin/javac"), "#!/bin/sh\n");
        Files.copy(java.resolve("release"), own.resolve("release"));
        return Map.of("JAVA_HOME", own.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "UPLION_GATEWAY_DRAIN, abc",
        "OLLAMA_HOST, 'http://[nonsense'",
        "OPENAI_BASE_URL, nonsense",
        "LLAMACPP_BASE_URL, nonsense",
        "UPLION_LOG_LEVEL, loud",
        "UPLION_LOG_FORMAT, xml",
    })
    void aWrongSettingIsNamed(String name, String value) {
        assertThat(refused(Map.of(name, value), "--port", "0")).contains(name);
        assertThat(data()).doesNotExist();
    }

    @Test
    void aSecretInAWrongSettingIsNotRepeated() {
        var url = "http://user:must-not-be-seen@127.0.0.1:1/v1";
        var own = Map.of("OPENAI_API_KEY", "sk-must-not-be-seen", "OPENAI_BASE_URL", url);
        assertThat(refused(own, "--port", "0"))
                .contains("OPENAI_BASE_URL")
                .doesNotContain("must-not");
        assertThat(data()).doesNotExist();
    }

    @Test
    void portsThatCannotBeLeaveNoTrace() {
        assertThat(refused(Map.of(), "--port", "65535")).contains("--management-port");
        assertThat(refused(Map.of(), "--port", "8099", "--management-port", "8099"))
                .contains("--port and --management-port", "8099");
        assertThat(refused(Map.of(), "--port", "0", "--host", "no.such.host.invalid"))
                .contains("--host no.such.host.invalid");
        assertThat(refused(Map.of(), "--port", "0", "--host", "192.0.2.1"))
                .contains("--host 192.0.2.1");
        var beyond = Program.run("up", "--management-port", "70000", "--data=" + data());
        assertThat(beyond.status()).isEqualTo(2);
        assertThat(beyond.errors()).contains("0 to 65535").doesNotContain("\tat ");
        assertThat(data()).doesNotExist();
    }

    /// As a shell variable that is not set leaves them.
    @Test
    void emptyOptionsAreNoCurrentDirectory() {
        assertThat(refused(Map.of(), "--host", "")).contains("--host");
        assertThat(refused(Map.of(), "--models", "")).contains("--models");
        assertThat(data()).doesNotExist();
        var nowhere = Program.run("up", "--port", "0", "--data", "");
        assertThat(nowhere.status()).isNotZero();
        assertThat(nowhere.errors()).isEqualTo("uplion: --data must not be empty\n");
    }

    @Test
    void aKeyOfAnotherCertificateLeavesNoTrace() throws IOException {
        var one = LocalCertificate.make(Files.createDirectory(directory.resolve("one")));
        var other = LocalCertificate.make(Files.createDirectory(directory.resolve("other")));
        assertThat(
                        refused(
                                Map.of(),
                                "--port=0",
                                "--tls-cert=" + one.certificate(),
                                "--tls-key=" + other.key()))
                .contains(other.key().toString());
        assertThat(data()).doesNotExist();
    }

    @Test
    void aModelsDirectoryThatIsAFileIsLeftAlone() throws IOException {
        Files.createDirectory(data());
        var models = Files.writeString(data().resolve("models"), "mine");
        assertThat(refused(Map.of(), "--port=0")).contains(models.toString(), "not a directory");
        assertThat(models).hasContent("mine");
        assertThat(data().resolve("postgres")).doesNotExist();
    }

    @Test
    void everyWrongSettingHasALine() {
        var ended =
                Program.run(
                        Map.of(
                                "UPLION_GATEWAY_DRAIN", "abc",
                                "UPLION_GATEWAY_KEEP_ALIVE", "-3",
                                "UPLION_WORKER_ALLOWED_NETWORKS", "here",
                                "UPLION_LOG_LEVEL", "loud",
                                "OPENAI_BASE_URL", "nonsense"),
                        "up",
                        "--port=0",
                        "--data=" + data());
        assertThat(ended.status()).isNotZero();
        assertThat(ended.errors().lines()).hasSize(5);
        assertThat(ended.errors())
                .contains("UPLION_GATEWAY_DRAIN", "UPLION_GATEWAY_KEEP_ALIVE")
                .contains("UPLION_WORKER_ALLOWED_NETWORKS", "UPLION_LOG_LEVEL", "OPENAI_BASE_URL");
    }

    @Test
    void aBadTlsFileLeavesNoTrace() throws IOException {
        var bad = Files.writeString(directory.resolve("bad.pem"), "no certificate").toString();
        var missing = directory.resolve("missing.pem").toString();
        assertThat(refused(Map.of(), "--port=0", "--tls-cert", bad, "--tls-key", bad))
                .contains(bad);
        assertThat(refused(Map.of(), "--port=0", "--tls-cert", missing, "--tls-key", missing))
                .contains(missing);
        assertThat(data()).doesNotExist();
        var half = Program.run("up", "--port=0", "--tls-cert", bad, "--data=" + data());
        assertThat(half.status()).isNotZero();
        assertThat(half.errors()).contains("--tls-key").doesNotContain("\tat ");
    }

    @Test
    void aDataDirectoryThatIsAFileIsLeftAlone() throws IOException {
        Files.writeString(data(), "mine");
        assertThat(refused(Map.of(), "--port=0")).contains(data().toString());
        assertThat(data()).hasContent("mine");
    }

    @Test
    void aDataDirectoryInUseStaysWithItsOwner() throws IOException {
        try (var up = Program.up(data())) {
            var postgres = Postgres.running(data());
            var before = Files.readString(data().resolve("first-run.json"));
            assertThat(refused(Map.of(), "--port=0"))
                    .contains(data().toString(), "in use", Long.toString(up.pid()));
            assertThat(data().resolve("first-run.json")).hasContent(before);
            assertThat(Postgres.isGone(postgres)).isFalse();
            var client = Client.first(up.url(), data());
            assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Exactly one line, and not of a stack trace.
    private String refused(Map<String, String> environment, String... options) {
        var arguments = new ArrayList<>(List.of("up", "--data", data().toString()));
        arguments.addAll(List.of(options));
        var ended = Program.run(environment, arguments.toArray(String[]::new));
        assertThat(ended.status()).isNotZero();
        assertThat(ended.output()).doesNotContain("ready");
        assertThat(ended.errors().lines()).as(ended.errors()).hasSize(1);
        assertThat(ended.errors()).startsWith("uplion: ");
        return ended.errors();
    }

    private static boolean isDone(String command) throws IOException {
        return new ProcessBuilder(command.split(" ")).start().onExit().join().exitValue() == 0;
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }
}
