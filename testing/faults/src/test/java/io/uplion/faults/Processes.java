// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The processes of a distributed form: where they answer, and what can be done to them. Whoever is
/// killed is started again by their parent.
sealed class Processes permits Cluster {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration AGAIN = Duration.ofSeconds(90);

    private final Path data;

    Processes(Path data) {
        this.data = data;
    }

    /// Where a process answers: `gateway-1`, `worker-2-health`, `pulsar`, …
    String endpoint(String name) {
        return read(data.resolve("run/endpoints.json")).path(name).asText();
    }

    /// In the order of their numbers.
    List<String> names(String kind) {
        List<String> names = new ArrayList<>();
        read(data.resolve("run/endpoints.json"))
                .fieldNames()
                .forEachRemaining(
                        name -> {
                            if (name.matches(kind + "-\\d+")) {
                                names.add(name);
                            }
                        });
        names.sort(
                Comparator.comparingInt(
                        name -> Integer.parseInt(name.substring(kind.length() + 1))));
        return names;
    }

    /// The process that a child is now; waits for one that is being started again.
    ProcessHandle process(String name) {
        Await.until(name + " runs", AGAIN, () -> find(name).isPresent());
        return find(name).orElseThrow();
    }

    private Optional<ProcessHandle> find(String name) {
        Path pid = data.resolve("run").resolve(name + ".pid");
        return Files.exists(pid)
                ? ProcessHandle.of(Long.parseLong(text(pid).strip())).filter(ProcessHandle::isAlive)
                : Optional.empty();
    }

    private boolean isAnother(String name, long before) {
        return find(name).filter(now -> now.pid() != before).isPresent();
    }

    /// @param signal as `kill` knows it: `KILL`, `STOP`, `CONT`, `TERM`
    void signal(String name, String signal) {
        signal(process(name).pid(), signal);
    }

    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the child runs again as another process and is ready.
    void awaitAgain(String name, long before) {
        Await.until(name + " runs again", AGAIN, () -> isAnother(name, before) && isReady(name));
    }

    void killAndAwait(String name) {
        long before = process(name).pid();
        signal(before, "KILL");
        awaitAgain(name, before);
    }

    /// Of one that has no health of its own.
    void awaitProcess(String name, long before) {
        Await.until(name + " runs again", AGAIN, () -> isAnother(name, before));
    }

    void killAndAwaitProcess(String name) {
        long before = process(name).pid();
        signal(before, "KILL");
        awaitProcess(name, before);
    }

    boolean isReady(String name) {
        String health = endpoint(name + "-health");
        String url = health.isEmpty() ? endpoint(name) : health;
        try (RawHttp http = RawHttp.connect(url)) {
            return http.get("/readyz").readResponse().status() == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
