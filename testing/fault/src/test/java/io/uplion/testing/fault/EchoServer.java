// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Hands out the connections it gets; by itself it does nothing with them, or echoes.
final class EchoServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Socket> connections = new LinkedBlockingQueue<>();

    private final Thread acceptor;

    private EchoServer(boolean echo) throws IOException {
        acceptor = Thread.ofVirtual().start(() -> accept(echo));
    }

    static EchoServer mute() throws IOException {
        return new EchoServer(false);
    }

    static EchoServer echoing() throws IOException {
        return new EchoServer(true);
    }

    private void accept(boolean echo) {
        try {
            while (true) {
                var socket = server.accept();
                connections.add(socket);
                if (echo) {
                    Thread.ofVirtual().start(() -> echo(socket));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the other side is gone
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /// The next connection that has come, or will come soon.
    Socket next() throws InterruptedException {
        var socket = connections.poll(5, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("nobody connected");
        }
        return socket;
    }

    int waiting() {
        return connections.size();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
        acceptor.join();
        for (var socket : connections) {
            socket.close();
        }
    }
}
