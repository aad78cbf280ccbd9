// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.billing.check.Difference;
import io.uplion.billing.check.Reconciliation;
import io.uplion.billing.check.UsageHistory;
import io.uplion.billing.counting.CountersCheck;
import io.uplion.billing.ledger.Retention;
import io.uplion.counters.reserve.Budgets;
import io.uplion.platform.settings.Settings;
import io.uplion.store.Database;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./uplion reconcile`.
@Command(
        name = "reconcile",
        description = "Compares the books: usage, ledger, rollups, balances, spent, counters.",
        mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
    private static final int MOST_DAYS = 36_500;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "36500",
            description = "How far back the ledger is read (default: 36500, all of it).")
    private int days;

    @Override
    public Integer call() {
        if (days < 1 || days > MOST_DAYS) {
            throw new ParameterException(
                    spec.commandLine(), "--days must be from 1 to " + MOST_DAYS);
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Difference> found =
                BooksAccess.with(
                        data.directory(),
                        (usage, counters) -> {
                            if (counters.isEmpty()) {
                                out.println(
                                        "counters are not compared: they are in a process's"
                                                + " memory, which compares them by itself");
                            }
                            return DatabaseAccess.with(
                                    data.directory(),
                                    database -> compare(database, usage, counters));
                        });
        found.forEach(out::println);
        out.println(found.isEmpty() ? "the books agree" : found.size() + " differences");
        out.flush();
        return found.isEmpty() ? 0 : 1;
    }

    private List<Difference> compare(
            Database database, UsageHistory usage, Optional<Budgets> counters) {
        Clock clock = Clock.systemUTC();
        Retention retention = Retention.read(new Settings(System.getenv()));
        Optional<CountersCheck> check =
                counters.map(
                        budgets -> CountersCheck.of(database.jdbi(), budgets, retention, clock));
        return new Reconciliation(database.jdbi(), check, usage, retention, clock)
                .confirmed(Duration.ofDays(days));
    }
}
