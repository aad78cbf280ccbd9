// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.ClaimSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimSecretTest {
    @TempDir private Path directory;

    /// Records that nobody has billed yet must be believed after a restart.
    @Test
    void secretIsTheSameAtEachStart() {
        var first = directory.resolve("first");
        try (var data = DataDirectory.hold(first)) {
            assertThat(ClaimSecret.in(data).read()).isEqualTo(ClaimSecret.in(data).read());
        }
        try (var data = DataDirectory.hold(first);
                var other = DataDirectory.hold(directory.resolve("other"))) {
            var secret = ClaimSecret.in(data).read();
            assertThat(secret.reveal()).hasSize(64);
            assertThat(ClaimSecret.in(other).read()).isNotEqualTo(secret);
            assertThat(new ClaimSeal(secret)).isNotNull();
        }
    }

    @Test
    void onlyItsOwnerReadsIt() throws IOException {
        try (var data = DataDirectory.hold(directory.resolve("data"))) {
            var modes = Files.getPosixFilePermissions(ClaimSecret.in(data).path());
            assertThat(PosixFilePermissions.toString(modes)).isEqualTo("rw-------");
        }
    }
}
