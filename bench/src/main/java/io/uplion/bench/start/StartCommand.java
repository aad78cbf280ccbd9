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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench start`: P10.
@Command(
        name = "start",
        description =
                "From the start of the program to the first whole chat answer, "
                        + "and from the start of a worker's process to where its slots "
                        + "pull.",
        mixinStandardHelpOptions = true)
public final class StartCommand implements Callable<Integer> {
    private static final PlatformProcess.Model MODEL = new PlatformProcess.Model("bench", 8);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MOST_SECONDS = 4;
    private static final double MOST_WORKER_SECONDS = 1.5;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Starts after the first (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--only", description = "platform or worker.")
    private Optional<Part> only = Optional.empty();

    enum Part {
        platform,
        worker
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report();
        if (only.isEmpty() || only.get() == Part.platform) {
            platform(out, report);
        }
        if (only.isEmpty() || only.get() == Part.worker) {
            worker(out, report);
        }
        report.print(out);
        return 0;
    }

    private void platform(PrintWriter out, Report report) {
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            Path data = PlatformProcess.prepare(bed, provider, MODEL);
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
            report.add(Figure.plain("first start, seconds", Report.text("%.2f", first)));
            report.add(figure("later start to the first answer, seconds", seconds, MOST_SECONDS));
        }
    }

    private static double start(Bed bed, Path data) {
        long start = System.nanoTime();
        try (PlatformProcess platform = PlatformProcess.launch(bed, data)) {
            platform.target().awaitAnswer(PATIENCE);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /// A worker that is killed is started again.
    private void worker(PrintWriter out, Report report) {
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            PlatformProcess platform =
                    PlatformProcess.startDistributed(bed, provider, MODEL, Map.of());
            double[] seconds = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                seconds[i] = platform.restart("worker-1", PATIENCE).toNanos() / 1e9;
                out.println(Report.text("worker %d: %.2f s", i + 1, seconds[i]));
                out.flush();
            }
            report.add(
                    figure(
                            "start of a worker's process to its first pull, seconds",
                            seconds,
                            MOST_WORKER_SECONDS));
        }
    }

    private static Figure figure(String what, double[] seconds, double most) {
        Samples samples = Samples.of(seconds);
        return new Figure(
                "P10",
                what,
                "≤ " + most,
                Report.spread(samples, "%.2f"),
                Verdict.of(samples.median() <= most));
    }
}
