// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// A server of its own whose commits reach the disk, with the platform's schema.
final class BenchDatabase implements AutoCloseable {
    private static final String NAME = "postgres";

    /// Millions of rows are made in one statement.
    private static final Duration STATEMENT = Duration.ofHours(1);

    private final EmbeddedPostgres server;
    private final Database database;

    BenchDatabase() throws IOException {
        server =
                EmbeddedPostgres.builder()
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("fsync", "on")
                        .setServerConfig("max_wal_size", "4GB")
                        .start();
        database =
                Database.open(
                        new DatabaseConfig(
                                server.getJdbcUrl(NAME, NAME),
                                NAME,
                                Secret.of("unused"),
                                DatabaseConfig.Mode.READ_WRITE,
                                8,
                                Duration.ofSeconds(5),
                                STATEMENT));
        database.migrate();
    }

    Jdbi jdbi() {
        return database.jdbi();
    }

    /// The first of the server's processes.
    ProcessHandle postmaster() throws IOException {
        String directory =
                jdbi().withHandle(
                                handle ->
                                        handle.createQuery("SHOW data_directory")
                                                .mapTo(String.class)
                                                .one());
        List<String> lines = Files.readAllLines(Path.of(directory, "postmaster.pid"));
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        try (server) {
            database.close();
        }
    }
}
