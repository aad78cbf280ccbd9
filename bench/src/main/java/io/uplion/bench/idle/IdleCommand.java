// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.idle;

import io.uplion.bench.load.StreamClient;
import io.uplion.bench.load.Target;
import io.uplion.bench.process.Bed;
import io.uplion.bench.process.OpenFiles;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProcessMemory;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench idle`: P5.
@Command(
        name = "idle",
        description =
                "Very many open streams with a token now and then: how many "
                        + "break, how many hear their heartbeats, and what each holds of "
                        + "the platform's memory.",
        mixinStandardHelpOptions = true)
public final class IdleCommand implements Callable<Integer> {
    /// A token comes so seldom that heartbeats must fill the silence.
    private static final Duration INTERVAL = Duration.ofSeconds(25);

    private static final int WARM_STREAMS = 500;
    private static final int SPARE_SLOTS = 1000;
    private static final double MOST_KIB = 40;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            defaultValue = "10000",
            description = "Open streams (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--minutes",
            defaultValue = "1",
            description =
                    "How long they stay open (default: ${DEFAULT-VALUE}; the target says 10).")
    private double minutes;

    /// Memory of the JVM at three moments, in KiB.
    private record Memory(long before, long open, long collected) {}

    @Override
    public Integer call() throws InterruptedException {
        ProcessMemory.requireLinux();
        PrintWriter out = spec.commandLine().getOut();
        int streams = OpenFiles.bound(connections, out);
        String script = "bench;tokens=100000;interval=" + INTERVAL.toSeconds() + "s";
        try (Bed bed = Bed.make();
                StreamClient client = new StreamClient(connections)) {
            ProviderProcess provider = ProviderProcess.start(bed);
            PlatformProcess platform =
                    PlatformProcess.start(
                            bed,
                            provider,
                            new PlatformProcess.Model(script, connections + SPARE_SLOTS));
            Target target = platform.target();
            try (StreamClient warm = new StreamClient(WARM_STREAMS)) {
                new OpenStreams(warm, target, WARM_STREAMS).openAll();
            }
            ProcessMemory memory = platform.memory();
            memory.collectGarbage();
            TimeUnit.SECONDS.sleep(2);
            long before = memory.residentKib();
            OpenStreams open = new OpenStreams(client, target, streams);
            open.openAll();
            out.println(open.open() + " streams are open");
            out.flush();
            watch(open, out);
            long resident = memory.residentKib();
            memory.collectGarbage();
            report(open, new Memory(before, resident, memory.residentKib())).print(out);
        }
        return 0;
    }

    private void watch(OpenStreams open, PrintWriter out) throws InterruptedException {
        long end = System.nanoTime() + (long) (minutes * 60e9);
        while (System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(10_000_000_000L, end - System.nanoTime()));
            out.println(
                    Report.text(
                            "%d open, %d broken, %d tokens, %d heartbeats",
                            open.open(), open.broken(), open.tokens(), open.heartbeats()));
            out.flush();
        }
    }

    private Report report(OpenStreams open, Memory memory) {
        double each = (double) (memory.open() - memory.before()) / open.streams();
        double collected = (double) (memory.collected() - memory.before()) / open.streams();
        Report report = new Report();
        report.add(
                new Figure(
                        "P5",
                        Report.text("broken of %d streams in %.1f min", open.streams(), minutes),
                        "0",
                        open.broken() + why(open),
                        Verdict.of(open.broken() == 0)));
        report.add(
                new Figure(
                        "P5",
                        "resident KiB a stream, as it was",
                        "≤ 40",
                        Report.text("%.1f", each),
                        Verdict.of(each <= MOST_KIB)));
        report.add(
                Figure.plain(
                        "resident KiB a stream, after a collection",
                        Report.text("%.1f", collected)));
        report.add(
                Figure.plain(
                        "JVM resident before / with streams, MiB",
                        memory.before() / 1024 + " / " + memory.open() / 1024));
        double silences = minutes * 60 / INTERVAL.toSeconds();
        report.add(
                Figure.plain(
                        "heartbeats a stream, of about " + Report.text("%.1f", silences),
                        Report.text("%.2f", (double) open.heartbeats() / open.streams())));
        return report;
    }

    private static String why(OpenStreams open) {
        return open.broken() == 0 ? "" : " (first: " + open.firstFailure() + ")";
    }
}
