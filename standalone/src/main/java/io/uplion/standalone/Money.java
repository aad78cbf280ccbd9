// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.billing.Billing;
import io.uplion.billing.BillingConfig;
import io.uplion.billing.check.JournalHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.JournalSource;
import io.uplion.billing.price.PriceTelling;
import io.uplion.billing.price.Prices;
import io.uplion.catalog.price.SharedPrices;
import io.uplion.counters.SharedState;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.gateway.claim.Claims;
import io.uplion.standalone.data.ClaimSecret;
import io.uplion.standalone.data.DataDirectory;
import io.uplion.store.Database;
import io.uplion.task.ClaimSeal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/// What tasks hold, what they are billed by, and billing itself, in one process.
final class Money implements AutoCloseable {
    private final InProcessReservations reservations = new InProcessReservations(System::nanoTime);
    private final Billing billing;
    private final SharedPrices prices;
    private final Claims claims;

    /// What it works with.
    record Outside(Database database, SharedState shared, MeterRegistry meters, Clock clock) {}

    private Money(BillingConfig config, DataDirectory data, Outside outside) throws IOException {
        ClaimSeal seal = new ClaimSeal(ClaimSecret.in(data).read());
        Path journal = data.ownDirectory("usage");
        JournalSource usage =
                JournalSource.open(journal, config.batch(), config.journalKeep(), outside.clock());
        this.billing =
                Billing.start(
                        config,
                        BudgetKeeper.Pace.ONE_PROCESS,
                        new Billing.Outside(
                                outside.database().jdbi(),
                                usage,
                                new JournalHistory(journal),
                                reservations,
                                outside.shared(),
                                seal::isGenuine,
                                outside.meters()),
                        outside.clock());
        // The first request is billed by what was decided, too.
        Prices decided = new Prices(outside.database().jdbi(), outside.clock());
        PriceTelling.tell(decided, outside.shared(), outside.clock());
        this.prices = SharedPrices.start(outside.shared());
        this.claims = new Claims(seal, prices);
    }

    /// Before anything is written to the usage journal.
    static Money start(BillingConfig config, DataDirectory data, Outside outside)
            throws IOException {
        return new Money(config, data, outside);
    }

    InProcessReservations reservations() {
        return reservations;
    }

    Claims claims() {
        return claims;
    }

    @Override
    public void close() {
        try (billing;
                prices) {
            // The last first. What holds money goes with the process.
        }
    }
}
