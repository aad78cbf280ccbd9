// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.uplion.store.DatabaseConfig.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/// A small pool of connections and [Jdbi] on top of it.
public final class Database implements AutoCloseable {

    private static final int CONNECT_RETRIES = 10;

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /// Does not need the server to be up: a service starts without its database and answers 503.
    public static Database open(DatabaseConfig config) {
        return new Database(new HikariDataSource(hikari(config)));
    }

    /// Brings the schema up to date. Migrations only go forward; several processes may call this at
    /// once (Flyway holds a lock in the database). A server that has just been started may take
    /// long for a first connection: it is asked for half a minute.
    public void migrate() {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:db/migration")
                .cleanDisabled(true)
                .connectRetries(CONNECT_RETRIES)
                .connectRetriesInterval(1)
                .load()
                .migrate();
    }

    /// Whether a connection can be had and answers, within the configured time.
    public boolean isReachable() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException _) {
            return false;
        }
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static HikariConfig hikari(DatabaseConfig config) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName("uplion-" + (config.mode() == Mode.READ_ONLY ? "reads" : "database"));
        hikari.setJdbcUrl(config.url());
        hikari.setUsername(config.user());
        hikari.setPassword(config.password().reveal());
        hikari.setMaximumPoolSize(config.poolSize());
        hikari.setMinimumIdle(1);
        hikari.setConnectionTimeout(config.connectTimeout().toMillis());
        hikari.setValidationTimeout(Math.max(250, config.connectTimeout().toMillis() / 2));
        hikari.setInitializationFailTimeout(-1);
        hikari.addDataSourceProperty("ApplicationName", "uplion");
        hikari.addDataSourceProperty("connectTimeout", seconds(config.connectTimeout().toMillis()));
        hikari.addDataSourceProperty("socketTimeout", config.statementTimeout().toSeconds());
        hikari.addDataSourceProperty("tcpKeepAlive", "true");
        if (config.mode() == Mode.READ_ONLY) {
            hikari.setReadOnly(true);
            // The driver's default only marks explicit transactions; single statements would write.
            hikari.addDataSourceProperty("readOnlyMode", "always");
        }
        return hikari;
    }

    /// The driver counts in whole seconds, and 0 means for ever.
    private static long seconds(long millis) {
        return Math.max(1, (millis + 999) / 1000);
    }
}
