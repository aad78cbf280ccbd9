// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.billing.check.Difference;
import io.uplion.billing.check.Reconciliation;
import io.uplion.counters.Rounds;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the books from time to time, and says so where they do not agree.
final class BooksCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BooksCheck.class);

    /// What is older was compared before, and changes no more.
    private static final Duration BACK = Duration.ofDays(2);

    /// What could not be compared is not known.
    private volatile double differences = Double.NaN;

    private final Rounds rounds;
    private boolean begun;

    private BooksCheck(Reconciliation books, Duration each, MeterRegistry meters) {
        Gauge.builder("uplion.billing.differences", this, check -> check.differences)
                .register(meters);
        this.rounds = Rounds.startAside("reconciliation", each, () -> compare(books));
    }

    static BooksCheck start(Reconciliation books, Duration each, MeterRegistry meters) {
        return new BooksCheck(books, each, meters);
    }

    private void compare(Reconciliation books) {
        if (!begun) {
            // At the start others have better things to do, and budgets are yet to be opened.
            begun = true;
            return;
        }
        differences = Double.NaN;
        List<Difference> found = books.confirmed(BACK);
        found.forEach(difference -> LOG.error("the books differ: {}", difference));
        differences = found.size();
    }

    @Override
    public void close() {
        rounds.close();
    }
}
