// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// OpenAI's own libraries, fetched once into the checkout's build directory.
final class Library {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Path HOME = Page.root().resolve(".build").resolve("examples");

    private Library() {}

    /// @return the Python that has the library; nothing where it cannot be had
    static Optional<Path> python() throws IOException, InterruptedException {
        var home = Files.createDirectories(HOME.resolve("python"));
        var python = home.resolve("bin").resolve("python");
        var runner = new Runner(home, Map.of());
        if (!runs(runner, python)) {
            if (!runner.has("python3")) {
                return Optional.empty();
            }
            runner.run(PATIENCE, List.of("python3", "-m", "venv", home.toString()));
            runner.run(
                    PATIENCE,
                    List.of(python.toString(), "-m", "pip", "-q", "install", "openai==3.54.0"));
        }
        return runs(runner, python) ? Optional.of(python) : Optional.empty();
    }

    private static boolean runs(Runner runner, Path python)
            throws IOException, InterruptedException {
        return Files.isExecutable(python)
                && runner.run(PATIENCE, List.of(python.toString(), "-c", "import openai"))
                                .exitCode()
                        == 0;
    }

    /// @return a directory in which Node finds the library; nothing where it cannot be had
    static Optional<Path> node() throws IOException, InterruptedException {
        var home = Files.createDirectories(HOME.resolve("node"));
        var library = home.resolve("node_modules").resolve("openai").resolve("package.json");
        var runner = new Runner(home, Map.of());
        if (!runner.has("node")) {
            return Optional.empty();
        }
        if (!Files.exists(library) && runner.has("npm")) {
            Files.writeString(home.resolve("package.json"), "{\"private\":true}");
            runner.run(
                    PATIENCE,
                    List.of("npm", "install", "--no-audit", "--no-fund", "openai@6.49.0"));
        }
        return Files.exists(library) ? Optional.of(home) : Optional.empty();
    }
}
