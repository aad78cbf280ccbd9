// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// That benchmarks still run; what they measure here means nothing.
class BenchE2E {
    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(
                Program.isBuilt() && Files.isDirectory(Program.root().resolve("bench/target/lib")),
                "needs the built programs: mvn -pl standalone,bench -am package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "streams", "idle", "memory", "start", "pulsar"})
    void everyBenchmarkKnowsItsOptions(String name) {
        var help = Program.run("bench", name, "--help");
        assertThat(help.status()).as(help.errors()).isZero();
        assertThat(help.output()).startsWith("Usage: bench " + name);
        var wrong = Program.run("bench", name, "--nonsense");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.errors()).contains("--nonsense").doesNotContain("\tat ");
    }

    @Test
    void startsAreMeasured() {
        var ended = Program.run("bench", "start", "--rounds=1");
        assertThat(ended.status()).as(ended.errors()).isZero();
        assertThat(ended.output())
                .containsPattern("first start, which makes the data: \\d+\\.\\d\\d s")
                .containsPattern("start 2: \\d+\\.\\d\\d s")
                .contains("P10");
    }

    @Test
    void latencyAndThroughputAreMeasured() {
        var ended =
                Program.run(
                        "bench",
                        "gateway",
                        "--rounds=1",
                        "--seconds=1",
                        "--warm-up=1",
                        "--connections=2",
                        "--requests=3");
        assertThat(ended.status()).as(ended.errors()).isZero();
        assertThat(ended.output()).contains("uplion", "direct");
    }
}
