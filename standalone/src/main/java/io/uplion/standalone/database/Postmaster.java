// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A running server of one directory, as its pid file tells (`src/include/utils/pidfile.h`: pid,
/// directory, start, port, socket, address, memory, status).
///
/// @param ready accepts connections
record Postmaster(ProcessHandle process, int port, boolean ready) {

    private static final String PID_FILE = "postmaster.pid";
    private static final int PID = 0;
    private static final int PORT = 3;
    private static final int STATUS = 7;

    /// Empty if no server of this directory runs, whatever stale pid file there may be.
    static Optional<Postmaster> find(Path cluster) throws IOException {
        List<String> lines = lines(cluster);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        return process(lines)
                .filter(process -> serves(process, cluster))
                .map(process -> new Postmaster(process, port(lines), ready(lines)));
    }

    /// Removes the pid file of a server that died, if its number now belongs to another program:
    /// PostgreSQL would take that one for itself and refuse to start. A number that belongs to
    /// nobody is left for PostgreSQL, which then also looks for left-over children.
    static void forgetStrangers(Path cluster) throws IOException {
        if (process(lines(cluster)).isPresent() && find(cluster).isEmpty()) {
            Files.deleteIfExists(cluster.resolve(PID_FILE));
        }
    }

    /// By its command line: a process number alone may have been given to something else since.
    private static boolean serves(ProcessHandle process, Path cluster) {
        boolean postgres =
                process.info()
                        .command()
                        .filter(command -> Path.of(command).endsWith("postgres"))
                        .isPresent();
        return postgres
                && process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(cluster.toString()))
                        .isPresent();
    }

    private static Optional<ProcessHandle> process(List<String> lines) {
        return lines.isEmpty()
                ? Optional.empty()
                : number(lines, PID).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    }

    private static int port(List<String> lines) {
        return number(lines, PORT).map(Long::intValue).orElse(0);
    }

    private static boolean ready(List<String> lines) {
        return lines.size() > STATUS && lines.get(STATUS).strip().equals("ready");
    }

    private static Optional<Long> number(List<String> lines, int line) {
        if (line >= lines.size() || !lines.get(line).strip().matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(lines.get(line).strip()));
    }

    private static List<String> lines(Path cluster) throws IOException {
        try {
            return Files.readAllLines(cluster.resolve(PID_FILE));
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }
}
