// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.start;

import io.uplion.bench.process.Bed;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench start`: P10.
@Command(
        name = "start",
        description = "From the start of the program to the first whole chat answer.",
        mixinStandardHelpOptions = true)
public final class StartCommand implements Callable<Integer> {
    private static final int SLOTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MOST_SECONDS = 4;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Starts after the first (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            Path data =
                    PlatformProcess.prepare(
                            bed, provider, new PlatformProcess.Model("bench", SLOTS));
            double first;
            try (PlatformProcess platform = PlatformProcess.launch(bed, data)) {
                long start = System.nanoTime();
                platform.awaitReady();
                platform.target().awaitAnswer(PATIENCE);
                first = (System.nanoTime() - start) / 1e9;
            }
            out.println(Report.text("first start, which makes the data: %.2f s", first));
            double[] seconds = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                seconds[i] = start(bed, data);
                out.println(Report.text("start %d: %.2f s", i + 2, seconds[i]));
                out.flush();
            }
            Samples samples = Samples.of(seconds);
            new Report()
                    .add(Figure.plain("first start, seconds", Report.text("%.2f", first)))
                    .add(
                            new Figure(
                                    "P10",
                                    "later start to the first answer, seconds",
                                    "≤ 4",
                                    Report.spread(samples, "%.2f"),
                                    Verdict.of(samples.median() <= MOST_SECONDS)))
                    .print(out);
        }
        return 0;
    }

    private static double start(Bed bed, Path data) {
        long start = System.nanoTime();
        try (PlatformProcess platform = PlatformProcess.launch(bed, data)) {
            platform.target().awaitAnswer(PATIENCE);
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
