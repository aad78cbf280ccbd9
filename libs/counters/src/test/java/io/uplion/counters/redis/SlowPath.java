// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to Redis on which every answer takes its time.
final class SlowPath implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile Duration delay;

    SlowPath(int target, Duration delay) throws IOException {
        this.target = target;
        this.delay = delay;
        Thread.ofVirtual().start(this::accept);
    }

    RedisConfig config() {
        return RedisConfig.of("redis://127.0.0.1:" + door.getLocalPort(), Optional.empty());
    }

    /// From now on answers take no time.
    void hurry() {
        delay = Duration.ZERO;
    }

    private void accept() {
        try {
            while (true) {
                var near = door.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> carry(near, far, false));
                Thread.ofVirtual().start(() -> carry(far, near, true));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void carry(Socket from, Socket to, boolean slowly) {
        var bytes = new byte[8192];
        try (from;
                to) {
            for (var read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (slowly) {
                    // The slowness itself.
                    Thread.sleep(delay);
                }
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // One end is gone, and so is the other.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
