// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import io.uplion.store.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL for one machine: its programs, files, password and log are under the data
/// directory, it listens on a loopback port, and it lives as long as the platform.
///
/// If the server dies, it is started again on its port. If the platform was killed, its server goes
/// on alone; the next [#open] stops it and starts anew.
public final class EmbeddedDatabase implements AutoCloseable {

    /// The only role, and with that the owner of everything.
    static final String ROLE = "uplion";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final Layout layout;
    private final DirectoryLock lock;
    private final PostgresPrograms programs;
    private final ServerWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedDatabase(Layout layout, DirectoryLock lock, PostgresPrograms programs) {
        this.layout = layout;
        this.lock = lock;
        this.programs = programs;
        this.watch = ServerWatch.begin(layout, programs);
    }

    /// Starts the server, at first making its files. Blocks until it accepts connections: well
    /// under a second, some seconds the first time.
    ///
    /// @throws EmbeddedDatabaseException with words for the person at the terminal
    public static EmbeddedDatabase open(Path dataDirectory) {
        Layout layout = Layout.of(dataDirectory);
        try {
            return open(layout, DirectoryLock.acquire(layout.lock()));
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("the database did not start: " + e.getMessage(), e);
        }
    }

    /// Where the server of a platform that is running can be reached; empty if none runs. For the
    /// command line beside a running platform.
    public static Optional<DatabaseConfig> attach(Path dataDirectory) {
        if (Files.notExists(dataDirectory)) {
            return Optional.empty();
        }
        Layout layout = Layout.of(dataDirectory);
        try {
            Optional<Postmaster> running = Postmaster.find(layout.cluster());
            return running.isPresent() && running.get().ready()
                    ? Optional.of(config(layout, running.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("cannot read about the running database", e);
        }
    }

    /// How to reach it. Valid until [#close].
    public DatabaseConfig config() {
        return attach(layout.data())
                .orElseThrow(() -> new EmbeddedDatabaseException("the database has stopped"));
    }

    /// From now on `lives` is told; first of the server that runs.
    public void tell(ServerLives lives) {
        watch.tell(lives);
    }

    /// Stops the server in order. Open connections are cut: close their pools first.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            // The next owner of the directory may have started a server of its own.
            return;
        }
        try (DirectoryLock _ = lock) {
            watch.close();
            if (Postmaster.find(layout.cluster()).isPresent()) {
                programs.stop(layout.cluster());
            }
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("the database did not stop: " + e.getMessage(), e);
        }
    }

    /// Tells the server to stop as soon as its clients are gone, and does not wait: they go with
    /// the process that calls this.
    public void abandon() {
        watch.abandon();
        try {
            Postmaster.find(layout.cluster()).ifPresent(running -> running.process().destroy());
        } catch (IOException e) {
            LOG.warn("the database goes on alone; the next start stops it", e);
        }
    }

    private static EmbeddedDatabase open(Layout layout, DirectoryLock lock) throws IOException {
        try {
            Path binaries = PostgresBinaries.unpack(layout);
            PostgresPrograms programs =
                    new PostgresPrograms(binaries, layout.data().resolve("postgres.output"));
            createOnce(layout, programs);
            stopOrphan(layout, programs);
            ServerStart.anew(layout, programs);
            return new EmbeddedDatabase(layout, lock, programs);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// Made aside and moved into place whole: a start that is killed here leaves nothing half made.
    private static void createOnce(Layout layout, PostgresPrograms programs) throws IOException {
        PasswordFile password = new PasswordFile(layout.password());
        if (Files.isDirectory(layout.cluster())) {
            checkExisting(layout, password);
            return;
        }
        if (!password.exists()) {
            password.create(layout.unfinished("postgres.password"));
        }
        Path unfinished = layout.unfinished("postgres");
        Trees.delete(unfinished);
        programs.initdb(unfinished, layout.password());
        Files.move(unfinished, layout.cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void checkExisting(Layout layout, PasswordFile password) throws IOException {
        String major = Files.readString(layout.cluster().resolve("PG_VERSION")).strip();
        if (!PostgresBinaries.VERSION.startsWith(major + ".")) {
            throw new EmbeddedDatabaseException(
                    ("the data in %s is of PostgreSQL %s, this program brings %s: dump it with the"
                                    + " program that wrote it, then load the dump")
                            .formatted(layout.cluster(), major, PostgresBinaries.VERSION));
        }
        if (!password.exists()) {
            throw new EmbeddedDatabaseException(
                    "%s is missing; put it back from your copy".formatted(layout.password()));
        }
    }

    private static void stopOrphan(Layout layout, PostgresPrograms programs) throws IOException {
        Optional<Postmaster> orphan = Postmaster.find(layout.cluster());
        if (orphan.isPresent()) {
            LOG.warn(
                    "a database server of a killed platform is still running (process {});"
                            + " stopping it",
                    orphan.get().process().pid());
            programs.stop(layout.cluster());
        }
        Postmaster.forgetStrangers(layout.cluster());
    }

    private static DatabaseConfig config(Layout layout, Postmaster running) throws IOException {
        return DatabaseConfig.of(
                "jdbc:postgresql://127.0.0.1:" + running.port() + "/postgres",
                ROLE,
                new PasswordFile(layout.password()).read());
    }
}
