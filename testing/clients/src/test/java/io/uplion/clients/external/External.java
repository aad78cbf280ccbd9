// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.uplion.clients.Client;
import io.uplion.clients.PlatformUnderTest;
import io.uplion.testing.external.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.opentest4j.TestAbortedException;

/// What runners in all languages are given.
final class External {
    private External() {}

    /// Runs the tests of one language.
    @FunctionalInterface
    interface Language {
        List<DynamicContainer> run() throws IOException;
    }

    /// The language's cases. Where it is missing, one case that is skipped and says why: a factory
    /// that is skipped itself leaves no trace in the report.
    static Stream<DynamicNode> cases(Language language) throws IOException {
        try {
            return language.run().stream().map(DynamicNode.class::cast);
        } catch (TestAbortedException missing) {
            return Stream.of(
                    dynamicTest(
                            "can be had",
                            () -> {
                                throw missing;
                            }));
        }
    }

    static Map<String, String> environment(
            PlatformUnderTest platform, ControlServer control, Client client) {
        return Map.of(
                "BASE_URL", platform.baseUrl(),
                "API_KEY", platform.apiKey(),
                "CONTROL_URL", control.url(),
                "CLIENT", client.id());
    }

    static List<String> files(Path directory, String ending) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    static Program.Ended run(Program program) {
        try {
            return program.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
