// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// A real server, and a new migrated database on it for each test. Nothing is kept: no test is
/// about a power cut.
public final class PostgresServer implements AutoCloseable {
    private static final String MIGRATED = "migrated";

    private final EmbeddedPostgres server;

    public PostgresServer() {
        try {
            server =
                    EmbeddedPostgres.builder()
                            .setPGStartupWait(Duration.ofMinutes(1))
                            .setServerConfig("fsync", "off")
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        create(MIGRATED, "template1");
        try (var database = Database.open(patient(server.getJdbcUrl("postgres", MIGRATED)))) {
            database.migrate();
        }
    }

    private void create(String name, String template) {
        Jdbi.create(server.getPostgresDatabase())
                .useHandle(
                        handle ->
                                handle.execute(
                                        "CREATE DATABASE " + name + " TEMPLATE " + template));
    }

    /// A machine that does much else takes its time for a connection.
    static DatabaseConfig patient(String url) {
        return new DatabaseConfig(
                url,
                "postgres",
                Secret.of("unused"),
                DatabaseConfig.Mode.READ_WRITE,
                8,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }

    /// Where a new database is, that is migrated.
    public DatabaseConfig newDatabase() {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "");
        create(name, MIGRATED);
        return patient(server.getJdbcUrl("postgres", name));
    }

    public static long number(Jdbi jdbi, String sql, Object... values) {
        return jdbi.withHandle(handle -> handle.select(sql, values).mapTo(Long.class).one());
    }

    public static List<String> texts(Jdbi jdbi, String sql, Object... values) {
        return jdbi.withHandle(handle -> handle.select(sql, values).mapTo(String.class).list());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
