// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Simulators with a rhythm of their own.
final class Models {
    private Models() {}

    /// A model that takes so long for each token.
    static void write(Path directory, String name, String interToken) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve(name + ".yaml"),
                """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: local
                  local:
                    engine: simulator
                    simulator: {ttft: 1ms, interToken: %s, tokens: 64}
                """
                        .formatted(name, interToken));
    }
}
