// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever a file holds, reading it is an answer and not an exception.
class AnyTextTest {
    private static final String VALID = valid();

    private static String valid() {
        try {
            return Files.readString(Path.of("src/test/resources/manifests/valid/full.yaml"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 500)
    void arbitraryTextNeverThrows(@ForAll String text) {
        ManifestReader.read("x.yaml", text);
    }

    @Property(tries = 500)
    void textOfYamlsOwnCharactersNeverThrows(@ForAll("yamlLike") String text) {
        ManifestReader.read("x.yaml", text);
    }

    @Property(tries = 1000)
    void mutatedManifestsNeverThrow(
            @ForAll("position") int from,
            @ForAll("position") int to,
            @ForAll("yamlLike") String text) {
        var start = Math.min(from, to);
        var end = Math.min(Math.max(from, to), start + text.length() * 3);

        var mutated = VALID.substring(0, start) + text + VALID.substring(end);

        var read = ManifestReader.read("x.yaml", mutated);
        assertThat(read.errors()).allMatch(error -> error.line() >= 1);
        assertThat(read.models().isEmpty() && read.errors().isEmpty())
                .as("a document is a model or an error:%n%s", mutated)
                .isFalse();
    }

    @Provide
    Arbitrary<Integer> position() {
        return Arbitraries.integers().between(0, VALID.length());
    }

    @Provide
    Arbitrary<String> yamlLike() {
        return Arbitraries.strings()
                .withChars("-:[]{},&*!|>'\"%@`#?<~.\\\n\r\t x0")
                .ofMaxLength(40);
    }
}
