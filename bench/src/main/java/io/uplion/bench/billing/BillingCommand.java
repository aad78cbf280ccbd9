// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import io.uplion.billing.Billing;
import io.uplion.billing.BillingConfig;
import io.uplion.billing.check.UsageHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.JournalSource;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.platform.secret.Secret;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.task.ClaimSeal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench billing`: P8.
@Command(
        name = "billing",
        description = "Usage records a second, from a journal to a database on this machine.",
        mixinStandardHelpOptions = true)
public final class BillingCommand implements Callable<Integer> {
    private static final double LEAST_A_SECOND = 20_000;
    private static final double MOST_TRANSACTIONS = 1;
    private static final long LOOK_NANOS = 1_000_000;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds after the warm-up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--records",
            defaultValue = "100000",
            description = "Usage records a round (default: ${DEFAULT-VALUE}).")
    private int records;

    @Option(
            names = "--keys",
            defaultValue = "1000",
            description = "Keys that they are of (default: ${DEFAULT-VALUE}).")
    private int keys;

    private final ClaimSeal seal = new ClaimSeal(Secret.of("b".repeat(32)));

    /// @param jvm microseconds of processor time a record
    /// @param postgres the same
    private record Round(
            double aSecond, double transactionsPerThousand, double jvm, double postgres) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Round> measured = new ArrayList<>();
        try (BenchDatabase database = new BenchDatabase()) {
            for (int i = -1; i < rounds; i++) {
                Round round = round(database);
                out.println(
                        Report.text(
                                "%s: %.0f records/s, %.2f transactions for 1000 records,"
                                        + " processor time a record %.1f µs + PostgreSQL %.1f µs",
                                i < 0 ? "warm-up" : "round " + (i + 1),
                                round.aSecond(),
                                round.transactionsPerThousand(),
                                round.jvm(),
                                round.postgres()));
                out.flush();
                if (i >= 0) {
                    measured.add(round);
                }
            }
        }
        report(measured).print(out);
        return 0;
    }

    private static Report report(List<Round> measured) {
        Samples speed = Samples.each(measured, Round::aSecond);
        Samples writes = Samples.each(measured, Round::transactionsPerThousand);
        return new Report()
                .add(
                        new Figure(
                                "P8",
                                "usage records billed a second, one consumer",
                                "≥ 20 000",
                                Report.spread(speed, "%.0f"),
                                Verdict.of(speed.median() >= LEAST_A_SECOND)))
                .add(
                        new Figure(
                                "P8",
                                "transactions for 1 000 records",
                                "≤ 1",
                                Report.spread(writes, "%.2f"),
                                Verdict.of(writes.median() <= MOST_TRANSACTIONS)))
                .add(processorTime("JVM", Samples.each(measured, Round::jvm)))
                .add(processorTime("PostgreSQL", Samples.each(measured, Round::postgres)));
    }

    private static Figure processorTime(String whose, Samples micros) {
        return new Figure(
                "P8",
                "processor time a record, " + whose,
                "",
                Report.spread(micros, "%.1f µs"),
                Verdict.NONE);
    }

    private Round round(BenchDatabase database) throws IOException {
        Path directory = Files.createTempDirectory("uplion-bench-usage");
        try {
            UsageMix mix = new UsageMix(seal, keys);
            try (UsageJournal journal = UsageJournal.open(directory)) {
                for (int i = 0; i < records; i++) {
                    journal.publish(mix.next());
                }
            }
            return bill(database, directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Round bill(BenchDatabase database, Path directory) throws IOException {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        BillingConfig config = BillingConfig.defaults();
        Clock clock = Clock.systemUTC();
        ProcessorTime before = ProcessorTime.now(database.postmaster());
        long start = System.nanoTime();
        try (InProcessReservations store = new InProcessReservations(System::nanoTime);
                InProcessSharedState shared = new InProcessSharedState(System::nanoTime);
                Billing _ =
                        Billing.start(
                                config,
                                BudgetKeeper.Pace.ONE_PROCESS,
                                new Billing.Outside(
                                        database.jdbi(),
                                        JournalSource.open(
                                                directory,
                                                config.batch(),
                                                config.journalKeep(),
                                                clock),
                                        UsageHistory.NONE,
                                        store,
                                        shared,
                                        seal::isGenuine,
                                        meters),
                                clock)) {
            while (count(meters) < records) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            ProcessorTime used = ProcessorTime.now(database.postmaster()).since(before);
            double transactions = meters.get("uplion.billing.transactions").counter().count();
            return new Round(
                    records / seconds,
                    1000 * transactions / records,
                    micros(used.jvm()) / records,
                    micros(used.postgres()) / records);
        }
    }

    private static double micros(Duration time) {
        return time.toNanos() / 1e3;
    }

    private static double count(SimpleMeterRegistry meters) {
        return meters.get("uplion.billing.records").tag("result", "billed").counter().count();
    }
}
