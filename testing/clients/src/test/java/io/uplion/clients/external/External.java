// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import io.uplion.clients.Client;
import io.uplion.clients.PlatformUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What runners in all languages are given.
final class External {
    private External() {}

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
