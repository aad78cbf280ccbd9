// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir Path directory;

    private Secrets secrets(Map<String, String> environment) {
        return new Secrets(directory, environment);
    }

    @Test
    void variableIsRead() {
        var secrets = secrets(Map.of("KEY", "sk-1", "CRLF", "sk-2\r", "BLANK", " "));

        assertThat(secrets.read(new SecretSource.Env("KEY"))).contains("sk-1");
        assertThat(secrets.read(new SecretSource.Env("CRLF"))).contains("sk-2");
        assertThat(secrets.read(new SecretSource.Env("BLANK"))).isEmpty();
        assertThat(secrets.read(new SecretSource.Env("ABSENT"))).isEmpty();
    }

    @Test
    void fileIsReadForEachUse() throws IOException {
        var secrets = secrets(Map.of());
        var source = new SecretSource.File(Path.of("key.txt"));
        assertThat(secrets.read(source)).isEmpty();

        Files.writeString(directory.resolve("key.txt"), " sk-1\n");
        assertThat(secrets.read(source)).contains("sk-1");
        Files.writeString(directory.resolve("key.txt"), "sk-2");
        assertThat(secrets.read(source)).contains("sk-2");
        assertThat(secrets.read(new SecretSource.File(directory.resolve("key.txt"))))
                .contains("sk-2");
    }

    @Test
    void referenceIsAFileBesideTheManifests() throws IOException {
        Files.createDirectories(directory.resolve("secrets/openai"));
        Files.writeString(directory.resolve("secrets/openai/apiKey"), "sk-3\n");

        assertThat(secrets(Map.of()).read(new SecretSource.SecretRef("openai", "apiKey")))
                .contains("sk-3");
        assertThat(secrets(Map.of()).read(new SecretSource.SecretRef("openai", "other"))).isEmpty();
    }

    @Test
    void whatIsNoSecretIsNone() throws IOException {
        Files.writeString(directory.resolve("empty"), "\n");
        Files.writeString(directory.resolve("large"), "x".repeat((64 << 10) + 1));
        Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.createDirectory(directory.resolve("directory"));

        for (var name : new String[] {"empty", "large", "bytes", "directory"}) {
            assertThat(secrets(Map.of()).read(new SecretSource.File(Path.of(name))))
                    .as(name)
                    .isEmpty();
        }
    }
}
