// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `.ci/run` on a machine where nothing can be installed but in appearance, before a launcher that
/// only notes what it was told.
class CiRunIT {
    private static final Pattern WANTED = Pattern.compile("\\b([a-z-]+):[a-z0-9-]+");
    private static final String NOTES =
            """
            #!/usr/bin/env bash
            printf '%%s\\n' "$PWD" "$@" >>"%s"
            exit %d
            """;

    @TempDir private Path directory;

    private Path tree;
    private Path bin;

    private record Ended(int status, String output) {}

    @BeforeEach
    void set() throws IOException {
        directory = directory.toRealPath();
        tree = Files.createDirectories(directory.resolve("tree"));
        bin = Files.createDirectories(directory.resolve("bin"));
        for (var tool : List.of("bash", "dirname", "env", "id")) {
            Files.createSymbolicLink(bin.resolve(tool), usual(tool));
        }
        var text = Files.readString(Program.root().resolve(".ci/run"));
        Workshop.script(tree.resolve(".ci/run"), text);
        var wanted =
                text.lines()
                        .filter(line -> line.startsWith("wanted="))
                        .flatMap(line -> WANTED.matcher(line).results())
                        .map(pair -> pair.group(1))
                        .toList();
        assertThat(wanted).contains("nginx", "node", "mvn");
        for (var command : wanted) {
            Workshop.script(bin.resolve(command), "#!/bin/sh\n");
        }
        Workshop.script(bin.resolve("python3"), "#!/bin/sh\n");
        Workshop.script(bin.resolve("sudo"), "#!/usr/bin/env bash\nshift\nexec \"$@\"\n");
        notes("uplion", tree, 0);
        notes("apt-get", bin, 0);
    }

    @Test
    void whereNothingIsMissingItIsOnlyTheTests() throws Exception {
        var ended = run("--strict", "-Dtest=A B");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(noted("uplion"))
                .containsExactly(tree.toString(), "test", "--strict", "-Dtest=A B");
        assertThat(noted("apt-get")).isEmpty();
    }

    @Test
    void failedTestsFailIt() throws Exception {
        notes("uplion", tree, 3);
        assertThat(run().status()).isEqualTo(3);
        assertThat(noted("uplion")).containsExactly(tree.toString(), "test");
    }

    @Test
    void whatIsMissingIsInstalledBeforeTheTests() throws Exception {
        Files.delete(bin.resolve("nginx"));
        Files.delete(bin.resolve("node"));
        var ended = run();
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("installing: nginx-light nodejs\n");
        assertThat(noted("apt-get"))
                .contains("update")
                .containsSubsequence("install", "nginx-light", "install", "nodejs")
                .doesNotContain("redis-server");
        assertThat(noted("uplion")).containsExactly(tree.toString(), "test");
    }

    @Test
    void whatCannotBeInstalledIsNamedAndTheTestsRunAllTheSame() throws Exception {
        Files.delete(bin.resolve("nginx"));
        Files.delete(bin.resolve("wrk"));
        notes("apt-get", bin, 100);
        var ended = run();
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("could not install nginx-light\n", "could not install wrk\n");
        assertThat(noted("uplion")).containsExactly(tree.toString(), "test");
    }

    @Test
    void whereNothingCanBeInstalledTheTestsRunAllTheSame() throws Exception {
        Files.delete(bin.resolve("nginx"));
        Files.delete(bin.resolve("apt-get"));
        var ended = run();
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(noted("uplion")).containsExactly(tree.toString(), "test");
    }

    private void notes(String name, Path where, int status) throws IOException {
        Workshop.script(where.resolve(name), NOTES.formatted(directory.resolve(name), status));
    }

    private List<String> noted(String name) throws IOException {
        var notes = directory.resolve(name);
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    private static Path usual(String tool) {
        var usual = Path.of("/usr/bin", tool);
        return Files.exists(usual) ? usual : Path.of("/bin", tool);
    }

    /// From another directory than its own.
    private Ended run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(tree.resolve(".ci/run").toString()));
        command.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Ended(process.exitValue(), output);
    }
}
