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
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration COMMAND = Duration.ofMinutes(4);

    private static final List<String> HEARING = where("env", "--default-signal=INT");
    private static final List<String> IN_A_GROUP = where("setsid");

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

    /// These words before a command, where this machine has such a program.
    private static List<String> where(String... words) {
        try {
            List<String> command = new ArrayList<>(List.of(words));
            command.add("true");
            Process tried = new ProcessBuilder(command).redirectErrorStream(true).start();
            tried.getInputStream().readAllBytes();
            return tried.waitFor() == 0 ? List.of(words) : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /// The beginning of a command that hears Ctrl-C even where the tests run in the background,
    /// which ignore it.
    ///
    /// @param group it leads a process group of its own, as what a shell starts in a terminal does
    public static List<String> foreground(boolean group) {
        List<String> words = new ArrayList<>(group ? IN_A_GROUP : List.of());
        words.addAll(HEARING);
        return words;
    }

    /// Whether programs can be started in groups of their own here.
    public static boolean hasGroups() {
        return !IN_A_GROUP.isEmpty();
    }

    /// Starts `./uplion` with these arguments, in an environment of its own.
    public static Program start(Map<String, String> environment, String... arguments) {
        return start(false, environment, arguments);
    }

    private static Program start(
            boolean group, Map<String, String> environment, String... arguments) {
        try {
            Path scratch = Files.createTempDirectory("uplion-program-");
            Training.before(List.of(arguments));
            // What is being tested was built by the run that tests it.
            Map<String, String> built = new HashMap<>(Map.of("UPLION_NO_BUILD", "1"));
            built.putAll(environment);
            return start(new Place(root(), scratch, scratch), group, built, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As somebody does who stands in a checkout of his own, where it builds what is missing.
    public static Program startIn(Path checkout, String... arguments) {
        try {
            Path scratch = Files.createTempDirectory("uplion-program-");
            return start(new Place(checkout, checkout, scratch), false, Map.of(), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param scratch for what it says
    private record Place(Path checkout, Path directory, Path scratch) {}

    private static Program start(
            Place place, boolean group, Map<String, String> environment, String... arguments)
            throws IOException {
        Path output = place.scratch().resolve("output");
        Path errors = place.scratch().resolve("errors");
        List<String> command = foreground(group);
        command.add(place.checkout().resolve("uplion").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(place.directory().toFile())
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

    /// The same at the head of a process group of its own.
    public static Program upInAGroup(Path data) {
        return ready(start(true, Map.of(), "up", "--port", "0", "--data", data.toString()));
    }

    /// One that does not become ready is not left behind.
    private static Program ready(Program program) {
        try {
            program.awaitReady();
            return program;
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
    }

    public static Program up(Map<String, String> environment, Path data, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("up", "--port", "0", "--data", data.toString()));
        arguments.addAll(List.of(options));
        return ready(start(environment, arguments.toArray(String[]::new)));
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
        signal(name, pid());
    }

    /// To all processes of its group, as a terminal does it.
    public void signalAll(String name) {
        signal(name, -pid());
    }

    /// @param pid negative: all of that group
    public static void signal(String name, long pid) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, "--", Long.toString(pid))
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new AssertionError("kill -" + name + " " + pid + " failed");
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
