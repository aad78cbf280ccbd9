// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.standalone.distributed.process.Supervisor;
import io.uplion.standalone.distributed.server.PulsarDistribution;
import io.uplion.standalone.distributed.server.PulsarServer;
import io.uplion.testing.pulsar.PulsarHome;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// A broker with the settings that the platform gives it, one for all tests of this module:
/// starting it takes seconds. It keeps its addresses and its data over a restart.
final class LocalBroker {
    private static final String NAME = "pulsar";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static LocalBroker shared;

    private final HttpClient http = HttpClient.newHttpClient();
    private final PulsarDistribution distribution;
    private final Path data;
    private final Supervisor supervisor;
    private PulsarServer server;

    private LocalBroker(Path home) throws IOException {
        distribution = new PulsarDistribution(home);
        data = Files.createTempDirectory("uplion-broker");
        supervisor =
                Supervisor.open(data, line -> System.err.println(line), new SimpleMeterRegistry());
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        start();
    }

    static synchronized LocalBroker shared() {
        var home = PulsarHome.find();
        assumeTrue(home.isPresent(), PulsarHome.MISSING);
        try {
            if (shared == null) {
                shared = new LocalBroker(home.orElseThrow());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shared;
    }

    String serviceUrl() {
        return server.serviceUrl();
    }

    String adminUrl() {
        return server.adminUrl();
    }

    /// Returns when it serves.
    void start() {
        server = PulsarServer.start(supervisor, data, distribution);
    }

    /// In good order; it stays down.
    void stop() {
        supervisor.stop(List.of(NAME));
    }

    /// Without a chance to write anything down; it stays down.
    void kill() {
        destroy();
        stop();
    }

    private long destroy() {
        var process = supervisor.process(NAME).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        return process.pid();
    }

    /// Kills it and returns when the platform has brought it back.
    void killAndAwait() {
        var killed = destroy();
        Await.until(
                "the broker is back",
                LIMIT,
                () ->
                        supervisor.process(NAME).filter(now -> now.pid() != killed).isPresent()
                                && ask("GET", "brokers/health") == 200);
    }

    void restart() {
        stop();
        start();
    }

    /// Gives the topic to another broker, as load balancing does: here it comes back.
    void unload(String topic) {
        var status = ask("PUT", "persistent/" + topic + "/unload");
        if (status / 100 != 2) {
            throw new AssertionError("unloading " + topic + " was answered with " + status);
        }
    }

    /// @return the status; 0 where nobody answers
    private int ask(String method, String path) {
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

    private void remove() {
        supervisor.close();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
