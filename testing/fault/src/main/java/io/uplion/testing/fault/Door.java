// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The port that clients connect to. It can be shut and opened again without losing the number:
/// while shut, a socket that is bound and does not listen keeps it, and connections are refused.
final class Door {
    private static final int BACKLOG = 4096;

    private final Consumer<Socket> arrivals;
    private @Nullable ServerSocket listening;
    private @Nullable Thread acceptor;
    private @Nullable Socket placeholder;
    private int port;

    /// @param arrivals is called by one thread
    Door(Consumer<Socket> arrivals) {
        this.arrivals = arrivals;
    }

    synchronized int port() {
        return port;
    }

    synchronized void open() throws IOException {
        if (listening != null) {
            return;
        }
        ServerSocket fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.setReceiveBufferSize(FaultProxy.KERNEL_BUFFER);
        fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        port = fresh.getLocalPort();
        listening = fresh;
        release();
        acceptor = Thread.ofVirtual().name("fault-proxy-" + port).start(() -> accept(fresh));
    }

    private void accept(ServerSocket server) {
        while (true) {
            try {
                Socket client = server.accept();
                client.setSendBufferSize(FaultProxy.KERNEL_BUFFER);
                arrivals.accept(client);
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    synchronized void shut() throws IOException {
        if (listening == null) {
            return;
        }
        stopListening();
        Socket keeper = new Socket();
        keeper.setReuseAddress(true);
        keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        placeholder = keeper;
    }

    synchronized void close() throws IOException {
        stopListening();
        release();
    }

    /// The kernel lets go of the port when the thread that accepts has left it.
    private void stopListening() throws IOException {
        if (listening == null || acceptor == null) {
            return;
        }
        listening.close();
        listening = null;
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void release() throws IOException {
        if (placeholder != null) {
            placeholder.close();
            placeholder = null;
        }
    }
}
