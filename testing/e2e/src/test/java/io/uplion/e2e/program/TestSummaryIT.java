// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The summary of `./uplion test`, from reports of Surefire's to the words on the screen.
class TestSummaryIT {
    @TempDir private Path root;

    private record Ended(int status, String output) {}

    @Test
    void summaryListsModulesFailuresAndSkippedTestsWithTheirReason() throws Exception {
        report("libs/queue", "passed.xml");
        report("services/gateway", "mixed.xml");
        var ended = summary();
        assertThat(ended.output()).isEqualTo(resource("expected.txt"));
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void skippedTestsFailOnlyWhereAskedTo() throws Exception {
        report("testing/e2e", "skipped.xml");
        assertThat(summary().status()).isZero();
        var strict = summary("--strict");
        assertThat(strict.status()).isEqualTo(1);
        assertThat(strict.output())
                .contains("--strict")
                .endsWith("1 passed, 0 failed, 1 skipped\n");
    }

    @Test
    void noTestsAreNoSuccess() throws Exception {
        var ended = summary();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).endsWith("no test was run\n0 passed, 0 failed, 0 skipped\n");
    }

    private void report(String module, String report) throws IOException {
        var reports =
                Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-" + report), resource(report));
        // What the summary must not read.
        Files.writeString(reports.resolve("other.xml"), "<no/>");
    }

    private Ended summary(String... options) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(Program.root().resolve("testing/TestSummary.java").toString());
        command.addAll(java.util.List.of(options));
        command.add(root.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static String resource(String name) throws IOException {
        try (var text = TestSummaryIT.class.getResourceAsStream("/summary/" + name)) {
            assertThat(text).as(name).isNotNull();
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
