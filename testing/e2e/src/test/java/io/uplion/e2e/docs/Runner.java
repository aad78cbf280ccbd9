// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs examples in a directory, as a reader would.
final class Runner {
    private final Path directory;
    private final Map<String, String> environment;

    Runner(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /// Both outputs together.
    Printed run(Duration limit, List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile("example-", ".out");
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            var text = Files.readString(output, StandardCharsets.UTF_8);
            return new Printed(text, ended ? process.exitValue() : -1);
        } finally {
            Files.delete(output);
        }
    }

    /// Whether a program is there and answers to `--version`.
    boolean has(String program) throws InterruptedException {
        try {
            return run(Duration.ofSeconds(20), List.of(program, "--version")).exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
