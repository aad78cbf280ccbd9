// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The repository's files as git lists them: committed, or new and not ignored.
final class Repository {
    private static final Path ROOT = findRoot();
    private static final List<Path> FILES = list();
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Repository() {}

    static Path root() {
        return ROOT;
    }

    /// Relative to the root.
    static List<Path> files() {
        return FILES;
    }

    static Stream<Path> files(String ending) {
        return FILES.stream().filter(file -> file.toString().endsWith(ending));
    }

    static List<String> modules() {
        return matches(MODULE, text(Path.of("pom.xml")));
    }

    static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    }

    static Path absolute(Path file) {
        return ROOT.resolve(file);
    }

    static boolean exists(Path file) {
        return Files.exists(ROOT.resolve(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read as text", e);
        }
    }

    private static Path findRoot() {
        var given = System.getProperty("uplion.root");
        if (given != null && !given.isBlank() && !given.startsWith("$")) {
            return Path.of(given);
        }
        var here = Path.of("").toAbsolutePath();
        while (Files.notExists(here.resolve("LICENSE"))) {
            here = here.getParent();
        }
        return here;
    }

    private static List<Path> list() {
        try {
            var names = new TreeSet<Path>();
            for (var name : git("ls-files", "-z", "--cached", "--others", "--exclude-standard")) {
                var file = Path.of(name);
                // A file that was deleted and not yet committed is listed still.
                if (Files.isRegularFile(ROOT.resolve(file))) {
                    names.add(file);
                }
            }
            return List.copyOf(names);
        } catch (IOException e) {
            throw new UncheckedIOException("git cannot list the repository's files", e);
        }
    }

    private static List<String> git(String... arguments) throws IOException {
        var command = Stream.concat(Stream.of("git", "-C", ROOT.toString()), Stream.of(arguments));
        var process =
                new ProcessBuilder(command.toList())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Stream.of(output.split("\0")).filter(name -> !name.isEmpty()).toList();
    }
}
