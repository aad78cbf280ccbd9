// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the launcher brings the broker of the distributed form.
class LauncherPulsarIT {
    @TempDir private Path directory;

    private Workshop workshop;
    private Map<String, String> environment;
    private Path cache;

    @BeforeEach
    void set() throws IOException {
        workshop = new Workshop(directory.toRealPath());
        workshop.maven("3.9.9");
        cache = directory.toRealPath().resolve("some cache");
        environment =
                Map.of(
                        "JAVA_HOME",
                        workshop.jdk("jdk", 25).toString(),
                        "UPLION_CACHE",
                        cache.toString());
    }

    @Test
    void itIsFetchedOnceAndOnlyForThoseWhoNeedIt() throws Exception {
        var alone = workshop.run(environment, "up");
        assertThat(alone.output()).contains("Pulsar in no place").doesNotContain("fetching");
        var help = workshop.run(environment, "up", "--distributed", "--help");
        assertThat(help.output()).doesNotContain("fetching");
        assertThat(cache).doesNotExist();

        var first = workshop.run(environment, "up", "--distributed");
        assertThat(first.output())
                .contains("fetching Pulsar 9.8.7", "  123 of 245 MB\n")
                .contains("Pulsar in " + cache.resolve("pulsar-9.8.7") + "\n");
        var second = workshop.run(environment, "up", "--distributed");
        assertThat(second.output())
                .contains("Pulsar in " + cache.resolve("pulsar-9.8.7") + "\n")
                .doesNotContain("fetching");
        assertThat(cache).isDirectoryNotContaining("glob:**/.pulsar*");
    }

    @Test
    void aFailedFetchIsSaidInWordsLeavesNothingAndIsTriedAgain() throws Exception {
        workshop.age();
        workshop.run(environment, "key");
        var broken = Files.createFile(workshop.repository().resolve("broken"));
        var failed = workshop.run(environment, "up", "--distributed");
        assertThat(failed.status()).isOne();
        assertThat(failed.output()).contains("uplion: Pulsar could not be fetched", "pulsar.log");
        assertThat(cache).isEmptyDirectory();
        assertThat(workshop.repository().resolve(".build/lock")).doesNotExist();

        Files.delete(broken);
        assertThat(workshop.run(environment, "fetch-pulsar").output())
                .endsWith("\n" + cache.resolve("pulsar-9.8.7") + "\n");
    }

    @Test
    void oneThatIsToldIsTaken() throws Exception {
        var told = Map.of("JAVA_HOME", environment.get("JAVA_HOME"), "UPLION_PULSAR_HOME", "here");
        assertThat(workshop.run(told, "up", "--distributed").output()).contains("Pulsar in here\n");
    }
}
