// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/// Starts the server of a directory whose lock the caller holds.
final class ServerStart {
    private static final int ATTEMPTS = 3;
    private static final long LOG_BYTES = 8 << 20;

    private ServerStart() {}

    /// Again if it fails: between finding a free port and using it another program may have taken
    /// it.
    static void anew(Layout layout, PostgresPrograms programs) throws IOException {
        rotateLog(layout);
        for (int attempt = 1; ; attempt++) {
            ServerSettings.write(layout.cluster(), freePort());
            try {
                programs.start(layout.cluster(), layout.log());
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException(e.getMessage() + "; see " + layout.log(), e);
                }
            }
        }
    }

    /// After its server has died: on the same port, where others have connections.
    static void again(Layout layout, PostgresPrograms programs) throws IOException {
        Postmaster.forgetStrangers(layout.cluster());
        programs.start(layout.cluster(), layout.log());
    }

    private static void rotateLog(Layout layout) throws IOException {
        if (Files.exists(layout.log()) && Files.size(layout.log()) > LOG_BYTES) {
            Files.move(
                    layout.log(),
                    layout.data().resolve("postgres.log.1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket =
                new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }
}
