// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The database server of a data directory, as the machine sees it.
final class Postgres {
    private Postgres() {}

    static ProcessHandle running(Path data) {
        return find(data).orElseThrow(() -> new AssertionError("no database runs in " + data));
    }

    /// A process that has ended but that nobody has waited for has no command any more.
    static boolean isGone(ProcessHandle server) {
        return !server.isAlive() || server.info().command().isEmpty();
    }

    private static Optional<ProcessHandle> find(Path data) {
        try {
            var pid = Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
