// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store;

import io.uplion.platform.secret.Secret;
import java.time.Duration;

/// Where a database is and how much of it this process may use.
///
/// @param url a JDBC address, `jdbc:postgresql://HOST:PORT/NAME`
/// @param poolSize connections at most
/// @param connectTimeout how long a caller waits for a connection before the database counts as
///   down; at least 250 ms
/// @param statementTimeout how long one answer may take before its connection is given up; at least
///   1 s
public record DatabaseConfig(
        String url,
        String user,
        Secret password,
        Mode mode,
        int poolSize,
        Duration connectTimeout,
        Duration statementTimeout) {

    public enum Mode {
        READ_WRITE,
        /// The server refuses writes on these connections, whatever the role may do.
        READ_ONLY
    }

    public DatabaseConfig {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("not a PostgreSQL address: " + url);
        }
        if (poolSize < 1 || poolSize > 1000) {
            throw new IllegalArgumentException("poolSize must be 1..1000, is " + poolSize);
        }
        if (connectTimeout.toMillis() < 250) {
            throw new IllegalArgumentException("connectTimeout must be at least 250 ms");
        }
        if (statementTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException("statementTimeout must be at least 1 s");
        }
    }

    public static DatabaseConfig of(String url, String user, Secret password) {
        return new DatabaseConfig(
                url,
                user,
                password,
                Mode.READ_WRITE,
                8,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    /// The same database for a service that only reads.
    public DatabaseConfig readOnly() {
        return new DatabaseConfig(
                url, user, password, Mode.READ_ONLY, poolSize, connectTimeout, statementTimeout);
    }
}
