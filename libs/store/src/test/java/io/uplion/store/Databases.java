// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/// New, empty databases on a server that is started once: a server takes seconds.
public final class Databases {
    private Databases() {}

    /// @return its JDBC address
    public static String newOne(EmbeddedPostgres server) {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (var connection =
                        DriverManager.getConnection(
                                server.getJdbcUrl("postgres", "postgres"), "postgres", "unused");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return server.getJdbcUrl("postgres", name);
    }
}
