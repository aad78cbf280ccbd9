// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/// One real server for the tests of one class, migrated.
public final class PostgresServer implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final DatabaseConfig config;
    private final Database database;

    public PostgresServer() {
        try {
            server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var url = server.getJdbcUrl("postgres", "postgres");
        config = DatabaseConfig.of(url, "postgres", Secret.of("unused"));
        database = Database.open(config);
        database.migrate();
    }

    DatabaseConfig config() {
        return config;
    }

    public Database database() {
        return database;
    }

    public void empty() {
        database.jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "TRUNCATE password_links, api_keys, sessions,"
                                                + " account_members, users, accounts, access_changes,"
                                                + " sign_in_failures"));
    }

    @Override
    public void close() {
        database.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
