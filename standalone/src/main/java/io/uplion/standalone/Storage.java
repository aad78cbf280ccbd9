// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.counters.SharedState;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.standalone.database.ServerLives;
import io.uplion.standalone.distributed.process.ForeignProcess;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The embedded PostgreSQL and the ways into it.
final class Storage implements AutoCloseable {
    private final EmbeddedDatabase server;
    private final Database database;
    private final Database reads;

    private Storage(EmbeddedDatabase server, Database database, Database reads) {
        this.server = server;
        this.database = database;
        this.reads = reads;
    }

    private static Storage open(Path data) {
        EmbeddedDatabase server = EmbeddedDatabase.open(data);
        try {
            Database database = Database.open(server.config());
            try {
                database.migrate();
                return new Storage(server, database, Database.open(server.config().readOnly()));
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    DatabaseConfig config() {
        return server.config();
    }

    /// @param shown how operators see the server
    void show(ForeignProcess shown) {
        server.tell(
                new ServerLives() {
                    @Override
                    public void began(ProcessHandle process) {
                        shown.began(process);
                    }

                    @Override
                    public void died() {
                        shown.died();
                    }
                });
    }

    Database database() {
        return database;
    }

    /// What billing works with.
    Money.Outside outside(SharedState shared, MeterRegistry meters, Clock clock) {
        return new Money.Outside(database, shared, meters, clock);
    }

    /// Connections that cannot write.
    Database reads() {
        return reads;
    }

    void abandon() {
        server.abandon();
    }

    @Override
    public void close() {
        try (server;
                database;
                reads) {
            // Connections first, then the server.
        }
    }

    /// A storage that is being opened while others do something else: most of its start is waiting
    /// for another program.
    static final class Opening implements AutoCloseable {
        private final CompletableFuture<Storage> storage;

        private Opening(CompletableFuture<Storage> storage) {
            this.storage = storage;
        }

        static Opening of(Path data) {
            CompletableFuture<Storage> storage = new CompletableFuture<>();
            Thread.ofPlatform()
                    .name("storage")
                    .daemon()
                    .start(
                            () -> {
                                try {
                                    storage.complete(open(data));
                                } catch (RuntimeException | Error e) {
                                    storage.completeExceptionally(e);
                                }
                            });
            return new Opening(storage);
        }

        /// Waits until it is open.
        Storage opened() {
            try {
                return storage.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }

        /// Also one that is still being opened: a server must not be left behind.
        @Override
        public void close() {
            storage.handle((opened, _) -> opened).join();
            if (!storage.isCompletedExceptionally()) {
                opened().close();
            }
        }
    }
}
