// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database server dies under a running platform.
class DatabaseLossE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path data;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void aKilledDatabaseIsStartedAgainAndInTheMeantimeShown() throws IOException {
        try (var up = Program.up(data)) {
            var metrics = up.find("metrics: ").orElseThrow();
            var manager = Client.of(metrics.replace("/metrics", ""), "");
            var client = Client.first(up.url(), data);
            assertReady(200, client, manager);

            // Without its programs it cannot be started again: long enough to be seen.
            var killed = Postgres.running(data);
            var programs = programs();
            var aside = Files.move(programs, data.resolve("aside"));
            killed.destroyForcibly();
            Await.until("it is shown", LIMIT, () -> manager.get("/readyz").statusCode() == 503);
            assertReady(503, client, manager);
            assertThat(manager.get("/livez").statusCode()).isEqualTo(200);

            Files.move(aside, programs);
            Await.until("it is back", LIMIT, () -> manager.get("/readyz").statusCode() == 200);
            assertReady(200, client, manager);
            assertThat(Postgres.running(data).pid()).isNotEqualTo(killed.pid());
            var made = Program.run("key", "create", "--data", data.toString());
            var fresh = Client.of(up.url(), made.output().strip());
            assertThat(fresh.chat("simulator").statusCode()).isEqualTo(200);
            assertThat(up.errors())
                    .containsOnlyOnce("the database server has died")
                    .containsOnlyOnce("the database server runs again")
                    .containsOnlyOnce("the database cannot be asked");
        }
    }

    /// On both ports.
    private static void assertReady(int status, Client client, Client manager) {
        for (var port : List.of(client, manager)) {
            assertThat(port.get("/readyz").statusCode()).isEqualTo(status);
        }
    }

    private Path programs() throws IOException {
        try (var files = Files.newDirectoryStream(data, "postgres-*")) {
            return files.iterator().next();
        }
    }
}
