// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every `wrong/X.yaml` has its errors in `wrong/X.errors`, one a line.
class WrongManifestsTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/manifests/wrong");

    static Stream<Path> manifests() throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void wrongManifestsAreToldEveryProblemWithItsLine(Path file) throws IOException {
        var name = file.getFileName().toString();

        var read = ManifestReader.read(name, Files.readString(file));

        var errors =
                read.errors().stream().map(error -> error + "\n").collect(Collectors.joining());
        var golden = file.resolveSibling(name.replace(".yaml", ".errors"));
        assertThat(errors).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void messagesNeverRepeatWhatMayBeASecret(Path file) throws IOException {
        var read = ManifestReader.read("x.yaml", Files.readString(file));

        assertThat(read.errors().toString()).doesNotContain("must-not-be-seen");
    }
}
