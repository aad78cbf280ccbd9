// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.platform.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstRunTest {
    @TempDir Path directory;

    private FirstRun firstRun() {
        return new FirstRun(
                directory.resolve("first-run.json"),
                "admin@localhost",
                Secret.of("s3cr3t \"x\""),
                Secret.of("upl_key"));
    }

    @Test
    void fileHasWhatTheDocumentationSays() throws IOException {
        firstRun().write("http://127.0.0.1:8080");

        var json = new ObjectMapper().readTree(directory.resolve("first-run.json").toFile());
        assertThat(json)
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"url": "http://127.0.0.1:8080",
                                         "admin": {"email": "admin@localhost",
                                                   "password": "s3cr3t \\"x\\""},
                                         "apiKey": "upl_key"}
                                        """));
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        Files.writeString(directory.resolve("first-run.json"), "old, readable by all");

        firstRun().write("http://127.0.0.1:8080");

        var mode = Files.getPosixFilePermissions(directory.resolve("first-run.json"));
        assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing half written is left").hasSize(1);
        }
    }

    @Test
    void laterStartBringsTheAddressUpToDateAndNothingElse() throws IOException {
        firstRun().write("http://127.0.0.1:8080");

        FirstRun.moved(directory, "http://127.0.0.1:9090");

        var file = directory.resolve("first-run.json");
        var json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.path("url").asText()).isEqualTo("http://127.0.0.1:9090");
        assertThat(json.path("admin").path("password").asText()).isEqualTo("s3cr3t \"x\"");
        assertThat(json.path("apiKey").asText()).isEqualTo("upl_key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void laterStartNeitherMakesNorMendsTheFile() throws IOException {
        FirstRun.moved(directory, "http://127.0.0.1:9090");
        assertThat(directory).isEmptyDirectory();

        Files.writeString(directory.resolve("first-run.json"), "kept by its owner");
        FirstRun.moved(directory, "http://127.0.0.1:9090");
        assertThat(directory.resolve("first-run.json")).hasContent("kept by its owner");
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(firstRun().toString()).doesNotContain("s3cr3t").doesNotContain("upl_key");
    }
}
