// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A worker in a process of its own that takes tasks, prints their ids, and never ends one.
final class WorkerProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Path printed;

    private WorkerProcess(Process process, Path printed) {
        this.process = process;
        this.printed = printed;
    }

    static WorkerProcess start(LocalBroker broker, String model, int slots) throws IOException {
        var printed = Files.createTempFile("uplion-worker", ".txt");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WorkerProcess.class.getName(),
                                broker.serviceUrl(),
                                model,
                                String.valueOf(slots))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(printed.toFile())
                        .start();
        return new WorkerProcess(process, printed);
    }

    static void main(String[] arguments) throws InterruptedException {
        var connection = PulsarConnection.open(arguments[0]);
        var tasks = new PulsarTasks(connection, Runnable::run, _ -> Optional.empty());
        tasks.open(
                arguments[1],
                Integer.parseInt(arguments[2]),
                delivery -> System.out.println(delivery.task().id()));
        Thread.currentThread().join();
    }

    void awaitTasks(int tasks) {
        Await.until(tasks + " tasks", LIMIT, () -> lines().size() == tasks);
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        Files.delete(printed);
    }
}
