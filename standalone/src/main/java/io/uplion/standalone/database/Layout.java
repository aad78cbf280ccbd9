// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where the database's files are under the platform's data directory. Nothing is anywhere else.
record Layout(Path data) {

    /// Creates the data directory if needed. The path is made real, because PostgreSQL's own pid
    /// file and command line are compared with it.
    static Layout of(Path data) {
        try {
            if (Files.notExists(data)) {
                Files.createDirectories(
                        data,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            return new Layout(data.toRealPath());
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("cannot use the data directory " + data, e);
        }
    }

    Path cluster() {
        return data.resolve("postgres");
    }

    Path password() {
        return data.resolve("postgres.password");
    }

    Path lock() {
        return data.resolve("postgres.lock");
    }

    Path log() {
        return data.resolve("postgres.log");
    }

    Path binaries() {
        return data.resolve("postgres-" + PostgresBinaries.VERSION);
    }

    /// For what is built aside and then moved into place whole.
    Path unfinished(String name) {
        return data.resolve("." + name + ".unfinished");
    }
}
