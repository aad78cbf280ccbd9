// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// That benchmarks still run; what they measure here means nothing.
class BenchE2E {
    /// Seconds that no program on a JVM needs less of until it has answered.
    private static final double A_JVM_TAKES = 0.2;

    private static final double A_JVM_HOLDS = 80;
    private static final double CORE_MICROSECONDS = 1e6;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(
                Program.isBuilt() && Files.isDirectory(Program.root().resolve("bench/target/lib")),
                "needs the built programs: mvn -pl standalone,bench -am package");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway", "streams", "idle", "memory", "start", "pulsar", "billing", "pages"
            })
    void everyBenchmarkKnowsItsOptions(String name) {
        var help = Program.run("bench", name, "--help");
        assertThat(help.status()).as(help.errors()).isZero();
        assertThat(help.output()).startsWith("Usage: bench " + name);
        var wrong = Program.run("bench", name, "--nonsense");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.errors()).contains("--nonsense").doesNotContain("\tat ");
    }

    @Test
    void listOfBenchmarksIsToldInWholeSentences() {
        var help = Program.run("bench", "--help").output();
        var list = help.substring(help.indexOf("Commands:"));
        assertThat(list.strip().split("\\n  (?=[a-z])"))
                .hasSizeGreaterThan(8)
                .filteredOn(entry -> !entry.startsWith("Commands:"))
                .allMatch(entry -> entry.strip().endsWith("."));
    }

    @Test
    void startsAreMeasured() {
        var begun = System.nanoTime();
        var report = measured("start", "--rounds=1");
        var elapsed = (System.nanoTime() - begun) / 1e9;
        assertThat(report.output())
                .containsPattern("first start, which makes the data: \\d+\\.\\d\\d s")
                .containsPattern("start 2: \\d+\\.\\d\\d s");
        var first = report.figure("first start, seconds");
        var later = report.figure("later start to the first answer, seconds");
        var worker = report.figure("start of a worker's process to its first pull, seconds");
        assertThat(List.of(first, later, worker)).allMatch(one -> one > A_JVM_TAKES);
        assertThat(first + later + worker).isLessThan(elapsed);
    }

    @Test
    void latencyAndThroughputAreMeasured() {
        var report =
                measured(
                        "gateway",
                        "--rounds=1",
                        "--seconds=1",
                        "--warm-up=1",
                        "--connections=2",
                        "--requests=30");
        for (String side : new String[] {"uplion", "direct"}) {
            var busy =
                    report.figure(side + ": requests/s")
                            * report.figure(side + ": processor time a request, µs");
            assertThat(busy / CORE_MICROSECONDS)
                    .as("cores that " + side + " used")
                    .isBetween(0.01, Runtime.getRuntime().availableProcessors() * 1.2);
        }
        assertThat(report.row("what limits and a budget cost of it")).contains("%");
        assertThat(report.figure("whole, last byte: added p50, ms")).isPositive();
        assertThat(report.figure("streamed, first byte: added p50, ms")).isPositive();
        assertThat(report.figure("streamed, last byte: added p50, ms")).isPositive();
    }

    @Test
    void gatewayIsProfiled(@TempDir Path directory) {
        var ended =
                Program.run(
                        "bench",
                        "gateway",
                        "--profile=" + directory,
                        "--seconds=2",
                        "--warm-up=1",
                        "--connections=2");
        assertThat(ended.status()).as(ended.errors()).isZero();
        assertThat(ended.output())
                .contains("whose code, all")
                .containsPattern("\\d  gateway\\.http");
        assertThat(directory.resolve("governed.jfr")).isNotEmptyFile();
        assertThat(directory.resolve("ungoverned.jfr")).isNotEmptyFile();
    }

    @Test
    void streamsAreCountedAndNoneIsBroken() {
        var report =
                measured("streams", "--rounds=1", "--seconds=3", "--tokens=5", "--connections=8");
        assertThat(report.row("frames lost or out of order, streams broken"))
                .matches("0 of [1-9]\\d+");
        assertThat(report.row("added time to first token, p99, ms")).isNotBlank();
    }

    @Test
    void openStreamsAreWeighedAndNoneIsBroken() {
        var report = measured("idle", "--connections=40", "--minutes=0.02");
        assertThat(report.output()).contains("40 streams are open", "40 open, 0 broken");
        assertThat(report.row("broken of 40 streams in 0.0 min")).isEqualTo("0");
        assertThat(report.row("JVM resident before / with streams, MiB"))
                .matches("[1-9]\\d+ / [1-9]\\d+");
    }

    @Test
    void memoryIsMeasuredAroundLargeRequestsThatWereAnswered() {
        var report =
                measured(
                        "memory",
                        "--requests=7",
                        "--bytes=300000",
                        "--connections=2",
                        "--settle=0");
        assertThat(report.figure("large requests answered")).isEqualTo(7);
        assertThat(report.figure("PostgreSQL beside it, MiB")).isPositive();
        var idle = report.figure("JVM, idle after the first answer, MiB");
        var peak = report.figure("JVM, peak under large requests, MiB");
        var after = report.figure("JVM after them, MiB");
        assertThat(List.of(idle, after)).allMatch(mebibytes -> mebibytes > A_JVM_HOLDS);
        assertThat(peak).isGreaterThan(Math.min(idle, after));
        assertThat(report.figure("after / idle")).isCloseTo(after / idle, within(0.02));
    }

    private static Measured measured(String... words) {
        var command = new ArrayList<>(List.of("bench"));
        command.addAll(List.of(words));
        var ended = Program.run(command.toArray(String[]::new));
        assertThat(ended.status()).as(ended.output() + ended.errors()).isZero();
        return new Measured(ended.output());
    }

    /// What a benchmark printed.
    private record Measured(String output) {
        /// What was measured, of the table's row of that figure.
        String row(String figure) {
            return output.lines()
                    .filter(line -> line.startsWith("|"))
                    .map(line -> line.split("\\|"))
                    .filter(cells -> cells[2].strip().equals(figure))
                    .map(cells -> cells[4].strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + figure + " in\n" + output));
        }

        /// Its first number, the median.
        double figure(String figure) {
            return Double.parseDouble(row(figure).split(" ")[0]);
        }
    }
}
