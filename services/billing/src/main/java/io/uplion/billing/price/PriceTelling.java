// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.price;

import io.uplion.catalog.price.PriceList;
import io.uplion.catalog.price.SharedPrices;
import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import java.time.Clock;
import java.time.Duration;

/// Tells the gateways what is decided, again and again.
public final class PriceTelling implements AutoCloseable {
    /// What was accepted before is billed by what was valid then.
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Rounds rounds;

    private PriceTelling(Rounds rounds) {
        this.rounds = rounds;
    }

    public static PriceTelling start(Prices prices, SharedState shared, Clock clock) {
        return new PriceTelling(
                Rounds.startAside(
                        "prices-told", SharedPrices.TOLD_EACH, () -> tell(prices, shared, clock)));
    }

    /// Once. Throws where one of them cannot be reached.
    public static void tell(Prices prices, SharedState shared, Clock clock) {
        PriceList decided = PriceList.of(prices.all());
        SharedPrices.publish(shared, decided.since(clock.instant().minus(LONGEST_WAIT)));
    }

    @Override
    public void close() {
        rounds.close();
    }
}
