// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher does before Java runs.
class LauncherIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private Workshop workshop;

    @BeforeEach
    void set() throws IOException {
        workshop = new Workshop(directory.toRealPath());
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        workshop.maven("3.9.9");
        var chosen = workshop.jdk("chosen", 26);
        workshop.onPath("java", workshop.jdk("other", 25).resolve("bin/java"));
        var ended = workshop.run(chosen.toString(), "key");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("java of " + chosen);
    }

    @Test
    void anOldJavaHomeGivesWayToThePathAndAnOldPathToTheUsualPlaces() throws Exception {
        workshop.maven("3.9.9");
        var old = workshop.jdk("old", 17);
        var usual = workshop.jdk(workshop.usualPlace("jdk-25").toString(), 25);
        var sdkman = workshop.jdk(".sdkman/candidates/java/25", 25);
        workshop.onPath("java", old.resolve("bin/java"));
        assertThat(workshop.run(old.toString(), "key").output()).contains("java of " + usual);
        Files.delete(usual.resolve("bin/javac"));
        assertThat(workshop.run(old.toString(), "key").output()).contains("java of " + sdkman);
    }

    /// Under `none` is what is elsewhere on a real machine. One that is too old is no find.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../jvm/temurin-25",
                "none/opt/jdk-25",
                "none/opt/java/25",
                ".sdkman/candidates/java/25.0.1-tem",
                ".jdks/temurin-25",
                "none/Library/Java/JavaVirtualMachines/25.jdk/Contents/Home",
                "Library/Java/JavaVirtualMachines/25.jdk/Contents/Home",
                "none/opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home",
                "none/usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home",
            })
    void aJdkIsFoundWhereItIsUsuallyPut(String place) throws Exception {
        workshop.maven("3.9.9");
        workshop.jdk(place, 24);
        assertThat(workshop.run(Map.of(), "key").output()).contains("needs a JDK 25 or newer");
        workshop.jdk(place, 25);
        var found = workshop.run(Map.of(), "key");
        assertThat(found.status()).as(found.output()).isZero();
        assertThat(found.output()).contains("java of ", place.replace("../", "/") + "/bin\n");
    }

    @Test
    void aJdkIsFoundThroughThePathsLinks() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("somewhere/jdk", 25);
        var links = Files.createDirectories(directory.resolve("links"));
        var last = Files.createSymbolicLink(links.resolve("last"), jdk.resolve("bin/java"));
        var first = Files.createSymbolicLink(links.resolve("first"), last.getFileName());
        workshop.onPath("java", first);
        var found = workshop.run(Map.of(), "key");
        assertThat(found.status()).as(found.output()).isZero();
        assertThat(found.output()).contains("java of " + jdk);
    }

    @Test
    void aJdkIsFoundThroughAVersionManagersScript() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("somewhere/jdk", 25);
        workshop.shim(jdk);
        var found = workshop.run(Map.of(), "key");
        assertThat(found.status()).as(found.output()).isZero();
        assertThat(found.output()).contains("java of " + jdk);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bin/mvn",
                ".sdkman/candidates/maven/current/bin/mvn",
                "none/opt/apache-maven-3.9.9/bin/mvn",
                "none/usr/share/maven/bin/mvn",
                "none/opt/homebrew/bin/mvn",
                "none/usr/local/bin/mvn",
            })
    void aMavenIsFoundWhereItIsUsuallyPut(String place) throws Exception {
        var jdk = workshop.jdk("jdk", 25).toString();
        workshop.maven("3.6.3");
        workshop.maven(place, "3.9.9");
        var found = workshop.run(jdk, "key");
        assertThat(found.status()).as(found.output()).isZero();
        assertThat(workshop.mavenCalls()).singleElement().asString().contains("package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAVEN_HOME", "M2_HOME"})
    void aMavenIsFoundThroughItsVariables(String variable) throws Exception {
        var jdk = workshop.jdk("jdk", 25).toString();
        var maven = workshop.maven("somewhere/maven/bin/mvn", "3.9.9").resolve("../..").normalize();
        var found = workshop.run(Map.of("JAVA_HOME", jdk, variable, maven.toString()), "key");
        assertThat(found.status()).as(found.output()).isZero();
        assertThat(workshop.mavenCalls()).hasSize(1);
    }

    @Test
    void aMissingJdkIsSaidInWords() throws Exception {
        workshop.maven("3.9.9");
        var none = workshop.run("", "up");
        assertThat(none.status()).isNotZero();
        assertThat(none.output()).startsWith("uplion: needs a JDK 25 or newer");
        var old = workshop.jdk("old", 21).toString();
        var tooOld = workshop.run(old, "up");
        assertThat(tooOld.status()).isNotZero();
        assertThat(tooOld.output()).contains(old);
        assertThat(workshop.mavenCalls()).isEmpty();
    }

    @Test
    void aMissingOrOldMavenIsSaidInWords() throws Exception {
        var jdk = workshop.jdk("jdk", 25).toString();
        var none = workshop.run(jdk, "key");
        assertThat(none.status()).isNotZero();
        assertThat(none.output()).contains("uplion: needs Maven 3.8 or newer");
        workshop.maven("3.6.3");
        var old = workshop.run(jdk, "key");
        assertThat(old.status()).isNotZero();
        assertThat(old.output()).contains("needs Maven 3.8", "3.6.3");
    }

    @Test
    void aBuildHappensOnceAndAgainWhenASourceChangesOrGoes() throws Exception {
        workshop.maven("3.8.7");
        var jdk = workshop.jdk("jdk", 25).toString();
        workshop.age();
        var first = workshop.run(jdk, "key", "create");
        assertThat(first.output()).contains("building", "uplion-standalone", "built in");
        assertThat(workshop.mavenCalls()).singleElement().asString().contains("package");
        var second = workshop.run(jdk, "key", "create");
        assertThat(second.output()).doesNotContain("building").contains("-jar", "key\ncreate\n");
        assertThat(workshop.mavenCalls()).hasSize(1);
        workshop.source("standalone/src/main/java/Here.java");
        workshop.run(jdk, "key");
        assertThat(workshop.mavenCalls()).hasSize(2);
        workshop.age();
        workshop.run(jdk, "key");
        assertThat(workshop.mavenCalls()).hasSize(2);
        Files.delete(workshop.repository().resolve("standalone/src/main/java/Here.java"));
        workshop.run(jdk, "key");
        assertThat(workshop.mavenCalls()).hasSize(3);
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25).toString();
        Files.createFile(workshop.repository().resolve("broken"));
        var failed = workshop.run(jdk, "key");
        assertThat(failed.status()).isNotZero();
        assertThat(failed.output())
                .contains("Here.java:[1,2] no such thing", "the build failed", "build.log")
                .doesNotContain("java of");
        Files.delete(workshop.repository().resolve("broken"));
        assertThat(workshop.run(jdk, "key").output()).contains("built in", "java of");
    }

    @Test
    void aSecondBuildWaitsForTheFirstAndTakesOverFromADeadOne() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25).toString();
        var lock = Files.createDirectories(workshop.repository().resolve(".build/lock"));
        var owner = ProcessHandle.current().pid();
        Files.writeString(lock.resolve("pid"), Long.toString(owner));
        var waiting = workshop.start(Map.of("JAVA_HOME", jdk), "key");
        try (var output = waiting.inputReader()) {
            assertThat(output.readLine()).contains("waiting", Long.toString(owner));
            assertThat(workshop.mavenCalls()).isEmpty();
            // A number that no process has.
            Files.writeString(lock.resolve("pid"), "99999999");
            assertThat(String.join("\n", output.lines().toList())).contains("built in");
        }
        assertThat(waiting.waitFor()).isZero();
        assertThat(lock).doesNotExist();
    }

    /// From a terminal the signal comes to all, from a script to the launcher alone.
    @ParameterizedTest
    @CsvSource({"INT, true, 130", "INT, false, 130", "TERM, true, 143", "TERM, false, 143"})
    void aSignalStopsABuildAtOnce(String signal, boolean toAll, int status) throws Exception {
        assumeTrue(!toAll || Program.hasGroups(), "needs setsid: not installed");
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25).toString();
        Files.createFile(workshop.repository().resolve("slow"));
        var building = workshop.start(Map.of("JAVA_HOME", jdk), "key");
        try {
            var maven = workshop.repository().resolve("maven.pid");
            Await.until(
                    "Maven builds",
                    LIMIT,
                    () -> Files.exists(maven) && maven.toFile().length() > 1);
            var builder = ProcessHandle.of(Long.parseLong(Files.readString(maven).strip()));
            Program.signal(signal, toAll ? -building.pid() : building.pid());
            assertThat(building.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(building.exitValue()).isEqualTo(status);
            assertThat(workshop.repository().resolve(".build/lock")).doesNotExist();
            Await.until(
                    "Maven has ended",
                    LIMIT,
                    () -> builder.filter(ProcessHandle::isAlive).isEmpty());
        } finally {
            building.destroyForcibly();
        }
        Files.delete(workshop.repository().resolve("slow"));
        assertThat(workshop.run(jdk, "key").output()).contains("built in", "java of");
    }

    @Test
    void theFasterStartIsPreparedOnceAndAgainAfterABuild() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25);
        var trainings = jdk.resolve("bin/trainings");
        workshop.age();
        var first = workshop.run(jdk.toString(), "up");
        assertThat(first.output()).contains("preparing a faster start", "-XX:AOTCache=", "\nup\n");
        assertThat(trainings).hasContent("trained");
        var second = workshop.run(jdk.toString(), "up");
        assertThat(second.output()).doesNotContain("preparing").contains("-XX:AOTCache=");
        assertThat(trainings).hasContent("trained");
        workshop.source("standalone/src/main/java/Here.java");
        assertThat(workshop.run(jdk.toString(), "up").output()).contains("preparing");
        assertThat(trainings).hasContent("trained\ntrained");
        assertThat(workshop.repository().resolve(".build"))
                .isDirectoryNotContaining("glob:**/training.??????");
    }

    /// Its processes need other classes than the program that is one.
    @Test
    void distributedFormsFasterStartIsItsOwn() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25).toString();
        workshop.age();
        var distributed = workshop.run(jdk, "up", "--distributed").output();
        assertThat(distributed).contains("preparing a faster start", "/distributed.aot\n");
        var one = workshop.run(jdk, "up").output();
        assertThat(one).contains("preparing a faster start", "/uplion.aot\n");
        assertThat(workshop.run(jdk, "up", "--distributed").output())
                .doesNotContain("preparing")
                .contains("/distributed.aot\n");
    }

    /// Tests call it while the launcher that runs them has the lock.
    @Test
    void trainPreparesAFasterStartOnceAndTakesNoLock() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25);
        workshop.age();
        workshop.run(jdk.toString(), "key");
        Files.writeString(workshop.repository().resolve(".build/lock"), "");
        assertThat(workshop.run(jdk.toString(), "train").output()).contains("preparing");
        assertThat(workshop.run(jdk.toString(), "train").output()).isEmpty();
        assertThat(jdk.resolve("bin/trainings")).hasContent("trained");
    }

    @Test
    void aFasterStartThatCannotBePreparedIsTriedOnceAndHindersNothing() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25);
        Files.createFile(jdk.resolve("bin/untrainable"));
        workshop.age();
        var first = workshop.run(jdk.toString(), "up");
        assertThat(first.status()).isZero();
        assertThat(first.output()).contains("not possible, see", "training.log", "\nup\n");
        var second = workshop.run(jdk.toString(), "up");
        assertThat(second.output()).doesNotContain("preparing", "-XX:AOTCache").contains("\nup\n");
        assertThat(jdk.resolve("bin/trainings")).hasContent("trained");
    }

    @Test
    void ownOptionsWinAndReplaceTheGarbageCollector() throws Exception {
        workshop.maven("3.9.9");
        var jdk = workshop.jdk("jdk", 25).toString();
        var usual = workshop.run(jdk, "key").output();
        assertThat(usual).contains("-XX:+UseSerialGC\n").contains("-Xmx");
        var own = Map.of("JAVA_HOME", jdk, "UPLION_JAVA_OPTS", "-Xmx2g -XX:+UseG1GC");
        var output = workshop.run(own, "key").output();
        assertThat(output).doesNotContain("UseSerialGC").contains("-XX:+UseG1GC\n");
        assertThat(output.indexOf("-Xmx2g")).isGreaterThan(output.indexOf("-Xmx7"));
    }

    @Test
    void shellScriptsPassShellcheck() throws Exception {
        var shellcheck = Path.of("/usr/bin/shellcheck");
        assumeTrue(Files.isExecutable(shellcheck), "needs shellcheck: not installed");
        var root = Program.root();
        var check =
                new ProcessBuilder(
                                shellcheck.toString(),
                                root.resolve("uplion").toString(),
                                root.resolve(".ci/run").toString(),
                                root.resolve("docs/images/make-up.sh").toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(new String(check.getInputStream().readAllBytes())).isEmpty();
        assertThat(check.waitFor()).isZero();
    }
}
