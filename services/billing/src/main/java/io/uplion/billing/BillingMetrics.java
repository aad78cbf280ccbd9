// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.billing.ledger.Written;
import io.uplion.task.UsageRecord;
import java.time.Duration;
import java.time.Instant;

/// What operators see of billing.
final class BillingMetrics {
    private static final double NANOS = 1e9;

    private final Counter billed;
    private final Counter repeated;
    private final Counter rejected;
    private final Counter batches;
    private final Counter transactions;
    private final Counter absorbed;
    private volatile double lag;

    BillingMetrics(MeterRegistry meters) {
        this.billed = records(meters, "billed");
        this.repeated = records(meters, "repeated");
        this.rejected = records(meters, "rejected");
        this.batches = meters.counter("uplion.billing.batches");
        this.transactions = meters.counter("uplion.billing.transactions");
        this.absorbed = meters.counter("uplion.billing.absorbed");
        Gauge.builder("uplion.billing.lag", this, metrics -> metrics.lag)
                .baseUnit("seconds")
                .register(meters);
    }

    private static Counter records(MeterRegistry meters, String result) {
        return meters.counter("uplion.billing.records", "result", result);
    }

    void show(MeterRegistry meters, BudgetKeeper budgets) {
        Gauge.builder("uplion.billing.budgets.waiting", budgets, BudgetKeeper::waiting)
                .register(meters);
        Gauge.builder("uplion.billing.tasks.released", budgets, BudgetKeeper::released)
                .register(meters);
    }

    void written(UsageBatch batch, Written written, Instant now) {
        billed.increment(written.billed());
        rejected.increment(written.rejected());
        int all = batch.records().size() + batch.unreadable().size();
        repeated.increment(Math.max(0, all - written.billed() - written.rejected()));
        batches.increment();
        transactions.increment(written.transactions());
        absorbed.increment(written.absorbed() / NANOS);
        lag =
                batch.records().stream()
                        .map(UsageRecord::endedAt)
                        .min(Instant::compareTo)
                        .map(oldest -> Duration.between(oldest, now).toMillis() / 1000.0)
                        .orElse(0.0);
    }

    /// Nothing waits.
    void idle() {
        lag = 0;
    }
}
