// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import io.uplion.testing.wait.Await;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseHealthIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir private Path data;

    @Test
    void databaseThatComesAndGoesIsNoticed() throws IOException {
        var server = start(0);
        var port = server.getPort();
        var config =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("unused"));
        try (var database = Database.open(config);
                var health = DatabaseHealth.watch(database)) {
            assertThat(health.isReady()).isTrue();
            server.close();
            Await.until("its end is seen", LIMIT, () -> !health.isReady());
            server = start(port);
            Await.until("its return is seen", LIMIT, health::isReady);
        } finally {
            server.close();
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }
}
