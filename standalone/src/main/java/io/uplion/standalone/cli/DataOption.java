// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--data`, for every command that needs the platform's files.
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The directory of its files (default: ./data).")
    private Path directory = Path.of("data");

    Path directory() {
        return named("--data", directory);
    }

    /// An empty path would be the current directory; who gives one has most likely a shell variable
    /// that is not set.
    static Path named(String option, Path given) {
        if (given.toString().isBlank()) {
            throw new CommandFailure(option + " must not be empty");
        }
        return given.toAbsolutePath().normalize();
    }
}
