// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers a connection with a beginning and never comes to an end.
final class StubbornServer implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicBoolean left = new AtomicBoolean();

    /// @param more sent again and again; with nothing, it only waits
    StubbornServer(String beginning, String more) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> serve(bytes(beginning), bytes(more)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void serve(byte[] beginning, byte[] more) {
        try (var socket = server.accept()) {
            socket.getOutputStream().write(beginning);
            while (more.length > 0) {
                socket.getOutputStream().write(more);
            }
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // The one who asked has gone.
        }
        left.set(true);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    /// Whether the one who asked has closed the connection.
    boolean left() {
        return left.get();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
