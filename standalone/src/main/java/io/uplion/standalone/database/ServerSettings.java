// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the server is told. Both files are written at every start; what an operator wants otherwise
/// goes through `ALTER SYSTEM`, which PostgreSQL keeps in a file of its own.
final class ServerSettings {

    private static final String SETTINGS =
            """
            # Written by UPLION at every start. Use ALTER SYSTEM for your own settings.
            listen_addresses = '127.0.0.1'
            # No socket in the file system: the password is the only way in.
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'

            max_connections = 40
            shared_buffers = '32MB'
            work_mem = '4MB'
            maintenance_work_mem = '32MB'
            max_wal_size = '256MB'
            jit = off
            # Fewer processes and less memory, for one machine with one user.
            io_method = 'sync'
            max_worker_processes = 2
            max_parallel_workers_per_gather = 0
            max_logical_replication_workers = 0
            wal_level = 'minimal'
            max_wal_senders = 0
            autovacuum_max_workers = 1

            timezone = 'UTC'
            log_timezone = 'UTC'
            log_checkpoints = off
            """;

    private static final String AUTHENTICATION =
            """
            # Written by UPLION at every start.
            host all all 127.0.0.1/32 scram-sha-256
            """;

    private ServerSettings() {}

    static void write(Path cluster, int port) throws IOException {
        Files.writeString(cluster.resolve("postgresql.conf"), SETTINGS + "port = " + port + "\n");
        Files.writeString(cluster.resolve("pg_hba.conf"), AUTHENTICATION);
    }
}
