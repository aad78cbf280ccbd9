// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.billing.check.Reconciliation;
import io.uplion.billing.check.UsageHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.counting.CountersCheck;
import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.ledger.Ledger;
import io.uplion.billing.ledger.Months;
import io.uplion.billing.price.PriceTelling;
import io.uplion.billing.price.Prices;
import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import io.uplion.counters.reserve.Budgets;
import io.uplion.task.Claim;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/// Billing in any form: composition root. What it works with belongs to whoever made it.
public final class Billing implements AutoCloseable {
    private static final Duration MONTHS = Duration.ofMinutes(10);

    private final UsageSource source;
    private final BillingLoop loop;
    private final Rounds months;
    private final PriceTelling prices;
    private final BooksCheck books;

    /// What it works with.
    ///
    /// @param jdbi the primary
    /// @param history what the source has had before
    /// @param shared where gateways read prices
    /// @param genuine whether a gateway has said so
    public record Outside(
            Jdbi jdbi,
            UsageSource source,
            UsageHistory history,
            Budgets budgets,
            SharedState shared,
            Predicate<Claim> genuine,
            MeterRegistry meters) {}

    private Billing(BillingConfig config, BudgetKeeper.Pace pace, Outside outside, Clock clock) {
        this.source = outside.source();
        Months kept = new Months(outside.jdbi(), config.retention(), clock);
        Ledger ledger =
                new Ledger(outside.jdbi(), outside.genuine(), kept, config.retention(), clock);
        BudgetKeeper keeper =
                new BudgetKeeper(
                        new BudgetKeeper.Outside(outside.jdbi(), ledger, source, outside.budgets()),
                        pace,
                        clock,
                        System::nanoTime);
        BillingMetrics metrics = new BillingMetrics(outside.meters());
        metrics.show(outside.meters(), keeper);
        Months ahead = new Months(outside.jdbi(), config.retention(), clock);
        this.months =
                Rounds.startAside(
                        "ledger-months",
                        MONTHS,
                        () -> {
                            ahead.ahead();
                            ahead.retire();
                        });
        this.prices =
                PriceTelling.start(new Prices(outside.jdbi(), clock), outside.shared(), clock);
        this.books = books(config, outside, ledger, clock);
        this.loop = new BillingLoop(source, ledger, outside.budgets(), keeper, metrics, clock);
        loop.start();
    }

    private static BooksCheck books(
            BillingConfig config, Outside outside, Ledger ledger, Clock clock) {
        CountersCheck counters =
                new CountersCheck(
                        outside.jdbi(), outside.budgets(), ledger, clock, System::nanoTime);
        Reconciliation reconciliation =
                new Reconciliation(
                        outside.jdbi(),
                        Optional.of(counters),
                        outside.history(),
                        config.retention(),
                        clock);
        return BooksCheck.start(reconciliation, config.reconcileEvery(), outside.meters());
    }

    /// @param pace of looking after budgets
    public static Billing start(
            BillingConfig config, BudgetKeeper.Pace pace, Outside outside, Clock clock) {
        return new Billing(config, pace, outside, clock);
    }

    /// What was taken is finished; what comes then waits for the next start.
    @Override
    public void close() {
        try (source;
                loop;
                prices;
                books;
                months) {
            // The last first.
        }
    }
}
