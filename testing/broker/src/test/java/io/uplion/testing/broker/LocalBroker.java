// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/// A Pulsar broker of its own for the tests of this module, one for all of them: starting it takes
/// seconds. It listens on loopback, keeps its addresses over a restart, and its data.
final class LocalBroker {
    private static final Path DISTRIBUTION =
            Path.of(System.getProperty("user.home"), ".cache", "uplion", "pulsar-4.0.8");
    private static final Duration READY = Duration.ofSeconds(90);
    private static LocalBroker shared;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final int servicePort = freePort();
    private final int adminPort = freePort();
    private final int bookkeeperPort = freePort();
    private Process process;

    private LocalBroker() throws IOException {
        directory = Files.createTempDirectory("uplion-broker");
    }

    static synchronized LocalBroker shared() {
        assumeTrue(
                Files.isDirectory(DISTRIBUTION),
                "needs the Pulsar distribution, which ./uplion up --distributed fetches");
        try {
            if (shared == null) {
                shared = new LocalBroker();
                shared.configure();
                Runtime.getRuntime().addShutdownHook(new Thread(shared::remove));
                shared.start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shared;
    }

    String serviceUrl() {
        return "pulsar://127.0.0.1:" + servicePort;
    }

    String adminUrl() {
        return "http://127.0.0.1:" + adminPort;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void configure() throws IOException {
        Files.copy(DISTRIBUTION.resolve("conf/standalone.conf"), directory.resolve("conf"));
        Files.writeString(
                directory.resolve("conf"),
                """

                brokerServicePort=%d
                webServicePort=%d
                bindAddress=127.0.0.1
                advertisedAddress=127.0.0.1
                keepAliveIntervalSeconds=10
                managedLedgerNewEntriesCheckDelayInMillis=0
                numHttpServerThreads=8
                """
                        .formatted(servicePort, adminPort),
                StandardOpenOption.APPEND);
    }

    /// Returns when it serves.
    void start() throws IOException {
        var builder =
                new ProcessBuilder(
                        DISTRIBUTION.resolve("bin/pulsar").toString(),
                        "standalone",
                        "-nss",
                        "-nfw",
                        "-c",
                        directory.resolve("conf").toString(),
                        "--metadata-dir",
                        directory.resolve("metadata").toString(),
                        "--bookkeeper-dir",
                        directory.resolve("bookkeeper").toString(),
                        "--bookkeeper-port",
                        String.valueOf(bookkeeperPort),
                        "-a",
                        "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PULSAR_LOG_DIR", directory.resolve("logs").toString());
        builder.environment().put("PULSAR_MEM", "-Xms256m -Xmx768m -XX:MaxDirectMemorySize=512m");
        builder.environment().put("PULSAR_GC", "-XX:+UseSerialGC");
        process =
                builder.directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(directory.resolve("out").toFile()))
                        .start();
        Await.until("the broker serves", READY, this::serves);
    }

    private boolean serves() {
        if (!process.isAlive()) {
            throw new AssertionError("the broker ended, see " + directory.resolve("out"));
        }
        return ask("GET", "brokers/health") == 200;
    }

    /// No chance to write anything down.
    void kill() {
        end(process.destroyForcibly());
    }

    private void remove() {
        if (process != null) {
            kill();
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In good order.
    void stop() {
        process.destroy();
        end(process);
    }

    private static void end(Process ending) {
        try {
            if (!ending.waitFor(60, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void restart(boolean kill) {
        if (kill) {
            kill();
        } else {
            stop();
        }
        try {
            start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives the topic to another broker, as load balancing does: here it comes back.
    void unload(String topic) {
        var status = ask("PUT", "persistent/" + topic + "/unload");
        if (status / 100 != 2) {
            throw new AssertionError("unloading " + topic + " was answered with " + status);
        }
    }

    /// @return the status; 0 where nobody answers
    int ask(String method, String path) {
        var request =
                HttpRequest.newBuilder(URI.create(adminUrl() + "/admin/v2/" + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
