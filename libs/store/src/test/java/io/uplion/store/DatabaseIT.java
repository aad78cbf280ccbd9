// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.secret.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {

    private static final String ADMIT = "ALTER DATABASE late ALLOW_CONNECTIONS true";

    private static EmbeddedPostgres server;
    private static DatabaseConfig config;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
        config =
                DatabaseConfig.of(
                        server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("unused"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void migratesOnceAndAgain() {
        try (var database = Database.open(config)) {
            database.migrate();
            database.migrate();

            assertThat(tables(database))
                    .contains("accounts", "users", "account_members", "api_keys");
        }
    }

    /// As one that has only just been started, on a machine that is busy.
    @Test
    void migrationWaitsForADatabaseThatAdmitsNobodyYet() {
        try (var main = Database.open(config)) {
            main.jdbi().useHandle(h -> h.execute("CREATE DATABASE late ALLOW_CONNECTIONS false"));
            var longerThanATry = config.connectTimeout().plusSeconds(1);
            CompletableFuture.runAsync(
                    () -> main.jdbi().useHandle(h -> h.execute(ADMIT)),
                    CompletableFuture.delayedExecutor(
                            longerThanATry.toMillis(), TimeUnit.MILLISECONDS));
            var late =
                    DatabaseConfig.of(
                            server.getJdbcUrl("postgres", "late"), "postgres", config.password());
            try (var database = Database.open(late)) {
                database.migrate();

                assertThat(tables(database)).contains("users");
            }
        }
    }

    @Test
    void aReadOnlyDatabaseRefusesWrites() {
        try (var database = Database.open(config);
                var reads = Database.open(config.readOnly())) {
            database.migrate();

            assertThat(tables(reads)).contains("users");
            assertThatThrownBy(() -> reads.jdbi().useHandle(h -> h.execute("DELETE FROM api_keys")))
                    .isInstanceOf(UnableToExecuteStatementException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void opensWithoutAServerAndFailsWithinItsTimeout() {
        var nowhere =
                new DatabaseConfig(
                        "jdbc:postgresql://127.0.0.1:1/none",
                        "nobody",
                        Secret.of("secret"),
                        DatabaseConfig.Mode.READ_ONLY,
                        1,
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1));
        try (var database = Database.open(nowhere)) {
            assertThatThrownBy(() -> tables(database)).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void configDoesNotPrintThePassword() {
        assertThat(config.toString()).contains("[REDACTED]").doesNotContain("unused");
    }

    private static List<String> tables(Database database) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT tablename FROM pg_tables"
                                                        + " WHERE schemaname = 'public'")
                                        .mapTo(String.class)
                                        .list());
    }
}
