// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.memory;

import io.uplion.bench.load.Exchange;
import io.uplion.bench.load.Target;
import io.uplion.bench.process.Bed;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProcessMemory;
import io.uplion.bench.process.ProviderProcess;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench memory`: P9.
@Command(
        name = "memory",
        description =
                "Resident memory of the platform's JVM: idle after the start, at "
                        + "its peak while large requests go through and come back as large "
                        + "answers, and after them.",
        mixinStandardHelpOptions = true)
public final class MemoryCommand implements Callable<Integer> {
    private static final int SLOTS = 256;
    private static final int SMALL_BYTES = 1024;
    private static final long IDLE_MIB = 300;
    private static final long PEAK_MIB = 1024;
    private static final double AFTER = 1.2;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--requests",
            defaultValue = "1000",
            description = "Large ones (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(
            names = "--bytes",
            defaultValue = "1000000",
            description = "Of one body, which the answer repeats (default: ${DEFAULT-VALUE}).")
    private int bytes;

    @Option(
            names = "--connections",
            defaultValue = "16",
            description = "At once (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--settle",
            defaultValue = "5",
            paramLabel = "SECONDS",
            description =
                    "Before and after a collection, before memory is read"
                            + " (default: ${DEFAULT-VALUE}).")
    private int settle;

    /// Resident MiB of the JVM.
    ///
    /// @param answered how many large requests
    private record Resident(long idle, long postgres, long peak, long after, int answered) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProcessMemory.requireLinux();
        PrintWriter out = spec.commandLine().getOut();
        try (Bed bed = Bed.make()) {
            ProviderProcess provider = ProviderProcess.start(bed);
            PlatformProcess platform =
                    PlatformProcess.start(
                            bed, provider, new PlatformProcess.Model("bench;echo", SLOTS));
            Target target = platform.target();
            try (Exchange first = Exchange.connect(target.host(), target.port())) {
                first.ask(target.request(target.body(false, SMALL_BYTES)));
            }
            ProcessMemory memory = platform.memory();
            long idle = settled(memory);
            long postgres = memory.postgresKib();
            memory.resetPeak();
            out.println(requests + " requests of " + bytes + " bytes, " + connections + " at once");
            out.flush();
            int answered = new LargeRequests(target, bytes).run(requests, connections);
            long peak = memory.peakKib();
            long after = settled(memory);
            report(new Resident(idle / 1024, postgres / 1024, peak / 1024, after / 1024, answered))
                    .print(out);
        }
        return 0;
    }

    /// After a collection, as an idle platform has one in time.
    private long settled(ProcessMemory memory) throws InterruptedException {
        TimeUnit.SECONDS.sleep(settle);
        memory.collectGarbage();
        TimeUnit.SECONDS.sleep(settle);
        return memory.residentKib();
    }

    private static Report report(Resident mib) {
        double ratio = (double) mib.after() / mib.idle();
        return new Report()
                .add(
                        limited(
                                "JVM, idle after the first answer, MiB",
                                "≤ 300",
                                mib.idle(),
                                IDLE_MIB))
                .add(Figure.plain("large requests answered", Integer.toString(mib.answered())))
                .add(Figure.plain("PostgreSQL beside it, MiB", Long.toString(mib.postgres())))
                .add(limited("JVM, peak under large requests, MiB", "≤ 1024", mib.peak(), PEAK_MIB))
                .add(Figure.plain("JVM after them, MiB", Long.toString(mib.after())))
                .add(
                        new Figure(
                                "P9",
                                "after / idle",
                                "≤ 1.2",
                                Report.text("%.2f", ratio),
                                Verdict.of(ratio <= AFTER)));
    }

    private static Figure limited(String what, String target, long value, long most) {
        return new Figure("P9", what, target, Long.toString(value), Verdict.of(value <= most));
    }
}
