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
    void secretsAreNotPrinted() {
        assertThat(firstRun().toString()).doesNotContain("s3cr3t").doesNotContain("upl_key");
    }
}
