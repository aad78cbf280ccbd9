// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsE2E {
    private static final String KEY = "upl_[0-9A-Za-z]{49}";

    @TempDir private Path directory;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void keysAndPasswordsAreMadeBesideARunningPlatformAndWithoutOne() {
        var data = directory.resolve("data");
        String withoutOne;
        try (var up = Program.up(data)) {
            var made = key(data);
            assertThat(Client.of(up.url(), made).chat("simulator").statusCode()).isEqualTo(200);
            assertThat(password(data)).isNotEqualTo(password(data));
            var postgres = Postgres.running(data);
            assertThat(Postgres.isGone(postgres)).isFalse();
        }
        withoutOne = key(data);
        assertThat(password(data)).hasSizeGreaterThan(15);
        try (var up = Program.up(data)) {
            assertThat(Client.of(up.url(), withoutOne).chat("simulator").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aKeyForOneModelOpensOnlyThat() {
        var data = directory.resolve("data");
        try (var up = Program.up(data)) {
            var made = Program.run("key", "create", "--data", data.toString(), "--models", "other");
            assertThat(made.status()).isZero();
            var answer = Client.of(up.url(), made.output().strip()).chat("simulator");
            assertThat(answer.statusCode()).isIn(403, 404);
        }
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() {
        var nowhere = directory.resolve("nowhere");
        var missing = Program.run("key", "create", "--data", nowhere.toString());
        assertThat(missing.status()).isNotZero();
        assertThat(missing.errors()).containsOnlyOnce("\n").contains(nowhere.toString());
        assertThat(nowhere).doesNotExist();
        var data = directory.resolve("data");
        try (var up = Program.up(data)) {
            assertThat(up.isAlive()).isTrue();
            var stranger =
                    Program.run(
                            "admin", "reset-password", "--data=" + data, "--email=who@example.org");
            assertThat(stranger.status()).isNotZero();
            assertThat(stranger.errors()).containsOnlyOnce("\n").contains("who@example.org");
        }
    }

    private static String key(Path data) {
        var made = Program.run("key", "create", "--data", data.toString());
        assertThat(made.errors()).isEmpty();
        assertThat(made.status()).isZero();
        assertThat(made.output().strip()).matches(KEY);
        return made.output().strip();
    }

    private static String password(Path data) {
        var reset = Program.run("admin", "reset-password", "--data", data.toString());
        assertThat(reset.errors()).isEmpty();
        assertThat(reset.status()).isZero();
        return reset.output().strip();
    }
}
