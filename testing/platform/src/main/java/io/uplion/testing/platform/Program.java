// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.platform;

import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The program as users start it: `./uplion` in a process of its own, with what the build made.
public final class Program implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration COMMAND = Duration.ofSeconds(90);

    /// A shell that runs tests in the background tells them, and all they start, to ignore Ctrl-C.
    private static final List<String> HEARING_CTRL_C =
            Files.exists(Path.of("/proc/self"))
                    ? List.of("env", "--default-signal=INT")
                    : List.of();

    private final Process process;
    private final Path output;
    private final Path errors;

    private Program(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /// What a command that has ended did.
    public record Ended(int status, String output, String errors) {}

    /// Whether there is a program to start: tests are run without it where nothing was packaged.
    public static boolean isBuilt() {
        try (Stream<Path> files = Files.list(root().resolve("standalone/target"))) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        } catch (IOException e) {
            return false;
        }
    }

    /// The repository.
    public static Path root() {
        String root = System.getProperty("uplion.root");
        if (root == null) {
            throw new IllegalStateException("the system property uplion.root is not set");
        }
        return Path.of(root);
    }

    /// Starts `./uplion` with these arguments, in an environment of its own.
    public static Program start(Map<String, String> environment, String... arguments) {
        try {
            Path scratch = Files.createTempDirectory("uplion-program-");
            // What is being tested was built by the run that tests it.
            Map<String, String> built = new HashMap<>(Map.of("UPLION_NO_BUILD", "1"));
            built.putAll(environment);
            return start(root(), scratch, scratch, built, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As somebody does who stands in a checkout of his own, where it builds what is missing.
    public static Program startIn(Path checkout, String... arguments) {
        try {
            Path scratch = Files.createTempDirectory("uplion-program-");
            return start(checkout, checkout, scratch, Map.of(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Program start(
            Path checkout,
            Path directory,
            Path scratch,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        Path output = scratch.resolve("output");
        Path errors = scratch.resolve("errors");
        List<String> command = new ArrayList<>(HEARING_CTRL_C);
        command.add(checkout.resolve("uplion").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        clean(builder.environment());
        builder.environment().putAll(environment);
        return new Program(builder.start(), output, errors);
    }

    /// Nothing of this machine's belongs to a test.
    private static void clean(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(
                        name ->
                                name.startsWith("UPLION_")
                                        || name.startsWith("OPENAI_")
                                        || name.startsWith("LLAMACPP_"));
        environment.put("OLLAMA_HOST", "127.0.0.1:1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /// `up` on any free port, ready.
    public static Program up(Path data, String... options) {
        return up(Map.of(), data, options);
    }

    public static Program up(Map<String, String> environment, Path data, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("up", "--port", "0", "--data", data.toString()));
        arguments.addAll(List.of(options));
        Program program = start(environment, arguments.toArray(String[]::new));
        program.awaitReady();
        return program;
    }

    /// A command to its end.
    public static Ended run(String... arguments) {
        return run(Map.of(), arguments);
    }

    public static Ended run(Map<String, String> environment, String... arguments) {
        try (Program program = start(new HashMap<>(environment), arguments)) {
            int status = program.awaitEnd(COMMAND);
            return new Ended(status, program.output(), program.errors());
        }
    }

    public void awaitReady() {
        awaitReady(START);
    }

    public void awaitReady(Duration limit) {
        Await.until("the program is ready", limit, () -> find("ready: ").isPresent() || !isAlive());
        if (find("ready: ").isEmpty()) {
            throw new AssertionError("the program did not start: " + errors());
        }
    }

    /// For example `http://127.0.0.1:40123`.
    public String url() {
        return find("ready: ").orElseThrow();
    }

    /// What follows the first line of the output that begins so.
    public Optional<String> find(String beginning) {
        String text = output();
        int whole = text.lastIndexOf('\n') + 1;
        return text.substring(0, whole)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .findFirst();
    }

    public String output() {
        return read(output);
    }

    public String errors() {
        return read(errors);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// @param name as `kill` knows it: `INT`, `TERM`, `KILL`
    public void signal(String name) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " " + pid() + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// @return the exit status
    public int awaitEnd(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError(
                "the program did not end within " + limit + ": " + output() + errors());
    }

    /// Stops it in order, as Ctrl-C would, and by force where that does not help.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
