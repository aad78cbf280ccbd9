// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.revocation;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.testing.external.FreePort;
import io.uplion.testing.wait.Await;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A real primary, and a real replica that applies what happens there a while later.
final class ReplicatedPostgres implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres replica;
    private final Database writes;
    private boolean replicaStopped;
    private boolean primaryStopped;

    /// @param directory empty
    ReplicatedPostgres(Path directory, Duration lag) throws IOException {
        var first = directory.resolve("primary");
        var second = directory.resolve("replica");
        var port = FreePort.find();
        // The replica begins as a copy of a primary that has stopped in order.
        start(first, port).close();
        copy(first, second);
        this.primary = start(first, port);
        Files.createFile(second.resolve("standby.signal"));
        Files.writeString(
                second.resolve("postgresql.auto.conf"),
                """
                primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'
                recovery_min_apply_delay = %dms
                hot_standby_feedback = on
                """
                        .formatted(port, lag.toMillis()),
                StandardOpenOption.APPEND);
        this.replica = start(second, FreePort.find());
        this.writes = Database.open(config(primary));
        writes.migrate();
        try (var reads = reads()) {
            Await.until(
                    "the replica has the schema", Duration.ofMinutes(2), () -> isMigrated(reads));
        }
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
    }

    private static boolean isMigrated(Database reads) {
        return reads.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery("SELECT to_regclass('heartbeat') IS NOT NULL")
                                        .mapTo(Boolean.class)
                                        .one());
    }

    Database writes() {
        return writes;
    }

    /// A pool of its own, whose server is the replica.
    Database reads() {
        return Database.open(config(replica).readOnly());
    }

    void stopReplica() throws IOException {
        replicaStopped = true;
        replica.close();
    }

    void stopPrimary() throws IOException {
        primaryStopped = true;
        primary.close();
    }

    private static DatabaseConfig config(EmbeddedPostgres server) {
        return DatabaseConfig.of(
                server.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("unused"));
    }

    private static void copy(Path from, Path to) throws IOException {
        var status = -1;
        try {
            status =
                    new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                            .start()
                            .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (status != 0) {
            throw new IOException("cp -a " + from + " ended with " + status);
        }
    }

    @Override
    public void close() throws IOException {
        writes.close();
        if (!replicaStopped) {
            replica.close();
        }
        if (!primaryStopped) {
            primary.close();
        }
    }
}
