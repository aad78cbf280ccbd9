// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Command lines of Java programs, run by the JDK that runs us.
final class JavaProgram {
    static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private JavaProgram() {}

    static List<String> command(List<String> flags, String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(BIN.resolve("java").toString());
        command.addAll(QUIET);
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.addAll(arguments);
        return command;
    }

    /// The jars of a built module and of what it needs.
    static String classPath(Path module) {
        return jars(module.resolve("target")) + ":" + jars(module.resolve("target/lib"));
    }

    private static String jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return String.join(
                    ":", files.map(Path::toString).filter(file -> file.endsWith(".jar")).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("build it first: " + directory, e);
        }
    }
}
