// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.net.Socket;

/// Ways to be rid of a socket that may be closed already.
final class Sockets {
    private Sockets() {}

    /// With a TCP reset: no linger makes the kernel send RST.
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already, so there is nobody to reset.
        }
        close(socket);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }
}
