// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.external;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that is run to its end.
///
/// @param directory where it runs
/// @param environment beside what it inherits
public record Program(Path directory, Map<String, String> environment, List<String> command) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// @param status [#NOT_FOUND] where there is no such program
    public record Ended(int status, String output, String errors) {
        public static final int NOT_FOUND = 127;

        public String lastWords() {
            return errors.strip().lines().reduce((_, last) -> last).orElse("no words");
        }
    }

    public static Program in(Path directory, String... command) {
        return new Program(directory, Map.of(), List.of(command));
    }

    public Program with(Map<String, String> more) {
        return new Program(directory, more, command);
    }

    public Ended run() throws IOException {
        Path output = Files.createTempFile("uplion-output-", ".txt");
        Path errors = Files.createTempFile("uplion-errors-", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            int status = end(builder);
            return new Ended(status, Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static int end(ProcessBuilder builder) throws IOException {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Ended.NOT_FOUND;
        }
        try {
            if (process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError(builder.command() + " did not end within " + LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
