// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// A real server, and a new migrated database on it for each test. Nothing is kept: no test is
/// about a power cut.
public final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres server;

    public PostgresServer() {
        try {
            server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where a new database is, that is migrated.
    public DatabaseConfig newDatabase() {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "");
        Jdbi.create(server.getPostgresDatabase())
                .useHandle(handle -> handle.execute("CREATE DATABASE " + name));
        var config =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", name), "postgres", Secret.of("unused"));
        try (var database = Database.open(config)) {
            database.migrate();
        }
        return config;
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
