// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/// A directory of its own and the processes of one benchmark. All are stopped and removed at the
/// end, also when the benchmark fails or is interrupted.
public final class Bed implements AutoCloseable {
    private final Path root;
    private final Path directory;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stopAll, "bench-stop");

    private Bed(Path root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    public static Bed make() {
        try {
            Path root = Path.of(System.getProperty("uplion.root", "")).toAbsolutePath();
            Bed bed = new Bed(root, Files.createTempDirectory("uplion-bench-"));
            Runtime.getRuntime().addShutdownHook(bed.hook);
            return bed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The repository's root.
    Path root() {
        return root;
    }

    Path directory() {
        return directory;
    }

    synchronized <T extends AutoCloseable> T add(T process) {
        running.push(process);
        return process;
    }

    /// A port of the loopback address that nobody has now.
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void stopAll() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The others are to be stopped all the same.
                System.err.println("bench: " + e);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + directory + " is left: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        stopAll();
    }
}
