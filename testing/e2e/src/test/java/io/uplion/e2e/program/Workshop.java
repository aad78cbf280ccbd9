// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A copy of the launcher in a small repository, on a machine that has only what is put there:
/// scripts in place of Java and Maven, and the system's own tools.
final class Workshop {
    private static final List<String> TOOLS =
            List.of(
                    "bash",
                    "cat",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "readlink",
                    "rm",
                    "sed",
                    "sleep",
                    "tail",
                    "touch",
                    "tr",
                    "xargs",
                    "env");
    private static final String MAVEN =
            """
            #!/usr/bin/env bash
            if [ "$*" = "-B -v" ]; then echo 'Apache Maven %s (0)'; exit 0; fi
            echo "$*" >>"%s/maven.calls"
            case "$*" in
                *:unpack*)
                    printf 'Progress (1): 9/245 MB\\rProgress (1): 123/245 MB\\r'
                    for each; do
                        case $each in -DoutputDirectory=*) into=${each#*=} ;; esac
                    done
                    mkdir -p "$into/apache-pulsar-9.8.7"
                    if [ -e "%s/broken" ]; then echo '[ERROR] offline'; exit 1; fi
                    mkdir "$into/apache-pulsar-9.8.7/lib"
                    exit 0
                    ;;
                *verify*) . ./tests; exit ;;
            esac
            echo '[INFO] Building uplion-standalone 1.0   [1/1]'
            if [ -e "%s/broken" ]; then echo '[ERROR] Here.java:[1,2] no such thing'; exit 1; fi
            if [ -e "%s/slow" ]; then echo $$ >maven.pid; sleep 60; fi
            mkdir -p standalone/target/lib
            echo jar >standalone/target/uplion-standalone-1.0.jar
            """;
    private static final String JAVA =
            """
            #!/usr/bin/env bash
            echo "java of $(dirname "$0")"
            echo "Pulsar in ${UPLION_PULSAR_HOME:-no place}"
            printf '%s\\n' "$@"
            for each; do
                case $each in
                    -XX:AOTCacheOutput=*)
                        echo trained >>"$(dirname "$0")/trainings"
                        [ ! -e "$(dirname "$0")/untrainable" ] || exit 1
                        echo cache >"${each#*=}"
                        ;;
                esac
            done
            """;

    private final Path home;
    private final Path repository;

    record Ended(int status, String output) {}

    Workshop(Path directory) throws IOException {
        this.home = Files.createDirectories(directory.resolve("home"));
        this.repository = Files.createDirectories(directory.resolve("repository"));
        Files.createDirectories(bin());
        for (var tool : TOOLS) {
            var usual = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(
                    bin().resolve(tool), Files.exists(usual) ? usual : Path.of("/bin", tool));
        }
        // The usual places of this machine are not those of the workshop.
        var text =
                Files.readString(Program.root().resolve("uplion"))
                        .replace("/usr/lib/jvm/", directory.resolve("jvm") + "/")
                        .replaceAll(
                                "(?<= )/(opt|Library|usr/share|usr/local)/", home + "/none/$1/");
        script(repository.resolve("uplion"), text);
        Files.writeString(
                repository.resolve("pom.xml"),
                "    <pulsar-server.version>9.8.7</pulsar-server.version>\n");
        source("standalone/src/main/java/Here.java");
    }

    Path repository() {
        return repository;
    }

    private Path bin() {
        return home.resolve("bin");
    }

    static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// @param place relative to the home directory, or absolute
    Path jdk(String place, int version) throws IOException {
        var jdk = home.resolve(place);
        script(jdk.resolve("bin/java"), JAVA);
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        return jdk;
    }

    Path usualPlace(String name) {
        return home.getParent().resolve("jvm").resolve(name);
    }

    void onPath(String name, Path program) throws IOException {
        Files.createSymbolicLink(bin().resolve(name), program);
    }

    void maven(String version) throws IOException {
        maven("bin/mvn", version);
    }

    /// @param place relative to the home directory
    Path maven(String place, String version) throws IOException {
        var program = home.resolve(place);
        script(program, MAVEN.replace("%s/", repository + "/").formatted(version));
        return program;
    }

    /// A version manager's script in place of Java: where its Java is, only it can say.
    void shim(Path jdk) throws IOException {
        script(
                bin().resolve("java"),
                """
                #!/usr/bin/env bash
                [ "$1" = -XshowSettings:properties ] && echo "    java.home = %s" >&2
                """
                        .formatted(jdk));
    }

    List<String> mavenCalls() throws IOException {
        var calls = repository.resolve("maven.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /// What Maven does when it is to test, in the repository.
    void tests(String script) throws IOException {
        Files.writeString(repository.resolve("tests"), script);
        var summary = repository.resolve("testing/TestSummary.java");
        Files.createDirectories(summary.getParent());
        Files.copy(
                Program.root().resolve("testing/TestSummary.java"),
                summary,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// Makes a file, or a newer one of it.
    void source(String name) throws IOException {
        var file = repository.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }

    /// As if everything had been written before now.
    void age() throws IOException {
        try (var files = Files.walk(repository)) {
            for (var file : files.filter(path -> !path.toString().contains(".build")).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    Process start(Map<String, String> environment, String... arguments) throws IOException {
        var command = Program.foreground(true);
        command.add(repository.resolve("uplion").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", bin().toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    Ended run(String javaHome, String... arguments) throws IOException, InterruptedException {
        return run(Map.of("JAVA_HOME", javaHome), arguments);
    }

    Ended run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var process = start(environment, arguments);
        var output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher hangs: " + output);
        }
        return new Ended(process.exitValue(), output);
    }
}
