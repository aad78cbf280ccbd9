// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's commands where nothing was ever built: the real build, the real start. What is not
/// committed is not in a clone.
class CleanCloneE2E {
    private static final Duration WITH_BUILDING = Duration.ofMinutes(8);
    private static final Duration WITHIN_SECONDS = Duration.ofSeconds(12);
    private static final int USUAL_PORT = 8080;
    private static final Duration STOP = Duration.ofSeconds(40);

    @TempDir private Path directory;

    @Test
    void cleanCloneBuildsItselfStartsAndIsReadySoonTheNextTime() throws Exception {
        var clone = cloneOfThis();
        var up = asTheReadmePrintsIt();
        try (var first = Program.startIn(clone, up)) {
            first.awaitReady(WITH_BUILDING);
            assertThat(first.output()).contains("building standalone", "built in", "faster start");
            assertAnswersAndStops(first, clone);
        }
        var built = written(clone.resolve(".build/uplion.aot"), program(clone));
        var key = Client.firstKey(clone.resolve("data"));

        try (var second = Program.startIn(clone, up)) {
            second.awaitReady(WITHIN_SECONDS);
            assertThat(second.output()).doesNotContain("building", "built in", "preparing");
            assertThat(Client.firstKey(clone.resolve("data"))).isEqualTo(key);
            assertAnswersAndStops(second, clone);
        }
        assertThat(written(clone.resolve(".build/uplion.aot"), program(clone))).isEqualTo(built);
    }

    /// Of one module, for all would run this again.
    @Test
    void cleanCloneTestsItselfAndSumsUp() throws Exception {
        var clone = cloneOfThis();
        try (var tests = Program.startIn(clone, "test", "-pl", "libs/platform", "-am")) {
            assertThat(tests.awaitEnd(WITH_BUILDING)).as(tests.output()).isZero();
            assertThat(tests.output())
                    .containsPattern("libs/platform +[1-9]\\d+ +0 +0 ")
                    .containsPattern("[1-9]\\d+ passed, 0 failed, 0 skipped");
        }
    }

    /// Without an option, where nobody else has the ports that it takes.
    private static String[] asTheReadmePrintsIt() {
        return isFree(USUAL_PORT) && isFree(USUAL_PORT + 1)
                ? new String[] {"up"}
                : new String[] {"up", "--port", "0"};
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertAnswersAndStops(Program up, Path clone) {
        var client = Client.first(up.url(), clone.resolve("data"));
        assertThat(client.chat("simulator").statusCode()).isEqualTo(200);
        up.signal("TERM");
        up.awaitEnd(STOP);
    }

    private static Path program(Path clone) throws IOException {
        try (var jars = Files.newDirectoryStream(clone.resolve("standalone/target"), "*.jar")) {
            return jars.iterator().next();
        }
    }

    private static List<FileTime> written(Path... files) throws IOException {
        var times = new ArrayList<FileTime>();
        for (var file : files) {
            assertThat(file).isNotEmptyFile();
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    private Path cloneOfThis() throws Exception {
        var root = Program.root();
        var commit = git(root, "rev-parse", "--verify", "HEAD");
        assumeTrue(commit.status() == 0, "needs git and a checkout with a commit to clone");
        var clone = directory.toRealPath().resolve("clone");
        var cloned =
                git(directory, "clone", "--quiet", "--depth=1", "file://" + root, clone.toString());
        assertThat(cloned.status()).as(cloned.output()).isZero();
        assertThat(git(clone, "rev-parse", "--verify", "HEAD")).isEqualTo(commit);
        return clone;
    }

    private record Ended(int status, String output) {}

    private static Ended git(Path where, String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", where.toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("git ends").isTrue();
            return new Ended(process.exitValue(), output);
        } catch (IOException e) {
            return new Ended(127, e.getMessage());
        }
    }
}
