// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the server's programs and waits for them.
///
/// PostgreSQL refuses to run as root. As root (in a container, say) its programs run in a user
/// namespace of their own, where they are nobody, while to the machine the files stay root's.
final class PostgresPrograms {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path bin;
    private final Path output;
    private final List<String> wrapper;

    /// @param output takes what the programs print; overwritten by each
    PostgresPrograms(Path binaries, Path output) {
        this.bin = binaries.resolve("bin");
        this.output = output;
        this.wrapper = root() ? List.of("unshare", "--user") : List.of();
    }

    void initdb(Path cluster, Path password) throws IOException {
        run(
                "initdb",
                List.of(
                        "--pgdata=" + cluster,
                        "--username=" + EmbeddedDatabase.ROLE,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        // PostgreSQL's own collation: an upgrade of the machine's C library or ICU
                        // cannot break an index.
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"));
    }

    /// Returns when the server accepts connections. It is in a session of its own, so that Ctrl-C
    /// in a terminal reaches the platform alone, which then stops in order.
    void start(Path cluster, Path log) throws IOException {
        run(
                "pg_ctl",
                List.of("start", "-w", "-t", "60", "-D", cluster.toString(), "-l", log.toString()));
    }

    /// Disconnects clients, writes a checkpoint and returns when the server is gone.
    void stop(Path cluster) throws IOException {
        run("pg_ctl", List.of("stop", "-w", "-t", "20", "-m", "fast", "-D", cluster.toString()));
    }

    private void run(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .directory(bin.toFile())
                        .redirectErrorStream(true)
                        // A file: the server inherits it, and would keep a pipe open for ever.
                        .redirectOutput(output.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        int status = waitFor(process, program);
        if (status != 0) {
            String printed = Files.readString(output).strip();
            if (printed.startsWith("unshare:")) {
                throw new EmbeddedDatabaseException(
                        "PostgreSQL does not run as root, and this machine allows no user namespace"
                                + " ("
                                + printed
                                + "): start the platform as an ordinary user");
            }
            throw new IOException(program + " failed (" + status + "): " + printed);
        }
    }

    private static int waitFor(Process process, String program) throws IOException {
        try {
            if (process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new IOException(program + " did not finish within " + LIMIT);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(program + " was interrupted", e);
        }
    }

    private static boolean root() {
        return ProcessHandle.current().info().user().filter("root"::equals).isPresent();
    }
}
