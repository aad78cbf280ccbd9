// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.standalone.database.EmbeddedDatabaseException;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// The database for one command: that of the running platform, or, where none runs, started for as
/// long as the command takes.
final class DatabaseAccess {
    private DatabaseAccess() {}

    static <T> T with(Path data, Function<Database, T> work) {
        if (Files.notExists(data.resolve("postgres"))) {
            throw new CommandFailure(
                    "there is no platform in "
                            + data
                            + "; start one with: uplion up --data "
                            + data);
        }
        try {
            Optional<DatabaseConfig> running = EmbeddedDatabase.attach(data);
            if (running.isPresent()) {
                return use(running.get(), work);
            }
            try (EmbeddedDatabase server = EmbeddedDatabase.open(data)) {
                return use(server.config(), work);
            }
        } catch (EmbeddedDatabaseException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private static <T> T use(DatabaseConfig config, Function<Database, T> work) {
        try (Database database = Database.open(config)) {
            database.migrate();
            return work.apply(database);
        }
    }
}
