// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Consumer;

/// One client's connection and the one to the target that belongs to it.
final class Link {
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket client;
    private final Socket server = new Socket();
    private final Weather weather;
    private final Thread main;

    /// @param over is told when both connections are closed
    Link(Socket client, InetSocketAddress target, Weather weather, Consumer<Link> over) {
        this.client = client;
        this.weather = weather;
        this.main = Thread.ofVirtual().name("link").unstarted(() -> live(target, over));
    }

    void start() {
        main.start();
    }

    private void live(InetSocketAddress target, Consumer<Link> over) {
        try {
            // Behind a black hole not even the connection reaches the target.
            weather.awaitPassage(Direction.TO_TARGET, System.nanoTime());
            if (connected(target)) {
                relay();
            } else {
                weather.awaitPassage(Direction.TO_CLIENT, System.nanoTime());
                Sockets.reset(client);
            }
        } catch (InterruptedException e) {
            // Cut: the sockets are closed by whoever did it.
        } finally {
            Sockets.close(client);
            Sockets.close(server);
            over.accept(this);
        }
    }

    private boolean connected(InetSocketAddress target) {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.setReceiveBufferSize(FaultProxy.KERNEL_BUFFER);
            server.setSendBufferSize(FaultProxy.KERNEL_BUFFER);
            server.connect(target, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Returns when both directions have ended; interrupted, it ends them.
    private void relay() throws InterruptedException {
        Line there = new Line(Direction.TO_TARGET, weather, client, server);
        Line back = new Line(Direction.TO_CLIENT, weather, server, client);
        List<Thread> readers = List.of(started(there::read), started(back::read));
        List<Thread> writers = List.of(started(there::write), started(back::write));
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } finally {
            readers.forEach(Thread::interrupt);
            writers.forEach(Thread::interrupt);
        }
    }

    private static Thread started(Runnable work) {
        return Thread.ofVirtual().name("line").start(work);
    }

    /// Resets both connections.
    void reset() {
        Sockets.reset(client);
        Sockets.reset(server);
        main.interrupt();
    }

    /// Closes both connections in an orderly way and waits until nothing runs any more.
    void close() throws InterruptedException {
        Sockets.close(client);
        Sockets.close(server);
        main.interrupt();
        main.join();
    }
}
