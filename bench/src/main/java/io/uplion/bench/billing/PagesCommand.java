// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.billing;

import io.uplion.bench.report.Figure;
import io.uplion.bench.report.Figure.Verdict;
import io.uplion.bench.report.Report;
import io.uplion.bench.report.Samples;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion bench pages`: P11.
@Command(
        name = "pages",
        description = "How long what usage pages ask takes over many rows, which it makes first.",
        mixinStandardHelpOptions = true)
public final class PagesCommand implements Callable<Integer> {
    private static final double MOST_MILLIS = 200;
    private static final int ROUNDS = 9;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = "1000000",
            description = "Rows of the ledger (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchDatabase database = new BenchDatabase()) {
            out.println("making " + rows + " rows");
            out.flush();
            ManyRows.make(database.jdbi(), rows);
            long rollups = PageSql.rollups(database.jdbi());
            Report report = new Report();
            report.add(Figure.plain("rows of the ledger", Long.toString(rows)));
            report.add(Figure.plain("rows of the rollups", Long.toString(rollups)));
            for (Map.Entry<String, String> page : PageSql.PAGES.entrySet()) {
                Samples millis = measure(database.jdbi(), page.getValue());
                report.add(
                        new Figure(
                                "P11",
                                page.getKey() + ", ms",
                                "≤ 200",
                                Report.spread(millis, "%.1f"),
                                Verdict.of(millis.median() <= MOST_MILLIS)));
            }
            report.print(out);
        }
        return 0;
    }

    /// The first one warms up.
    private static Samples measure(Jdbi jdbi, String page) {
        double[] millis = new double[ROUNDS];
        for (int i = -1; i < ROUNDS; i++) {
            long start = System.nanoTime();
            PageSql.read(jdbi, page);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        return Samples.of(millis);
    }
}
