// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import io.uplion.counters.Rounds;
import io.uplion.counters.SharedState;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The price list on its way from the database to the gateways: billing tells it, again and again
/// so that a store that comes back empty is soon filled; a gateway looks each second.
///
/// While the store is away, empty, or billing silent, everything stays as it was known last.
public final class SharedPrices implements Supplier<PriceList>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPrices.class);
    private static final String TABLE = "prices";

    /// All in one field, so that nobody sees a part of it.
    private static final String LIST = "list";

    /// How often billing tells it.
    public static final Duration TOLD_EACH = Duration.ofSeconds(2);

    private static final Duration READ_EACH = Duration.ofSeconds(1);

    /// How long a silent billing's words stand for gateways that start meanwhile. Those that run
    /// keep them anyway.
    private static final Duration KEPT = Duration.ofDays(7);

    private final SharedState shared;
    private volatile PriceList known = PriceList.NONE;
    private volatile boolean filled;
    private String text = "";
    private @Nullable Rounds rounds;

    SharedPrices(SharedState shared) {
        this.shared = shared;
    }

    /// Looks once before it returns.
    public static SharedPrices start(SharedState shared) {
        SharedPrices prices = new SharedPrices(shared);
        prices.rounds = Rounds.start("prices", READ_EACH, prices::round);
        return prices;
    }

    /// For billing, every [#TOLD_EACH]. Blocks.
    ///
    /// @throws io.uplion.counters.SharedStateException when the store cannot be reached
    public static void publish(SharedState shared, PriceList list) {
        shared.put(TABLE, LIST, PriceText.write(list), KEPT);
    }

    @Override
    public PriceList get() {
        return known;
    }

    /// Whether a list was ever seen: until then, that a model has no price in it says nothing.
    public boolean isFilled() {
        return filled;
    }

    void round() {
        String told = shared.all(TABLE).get(LIST);
        if (told == null || told.equals(text)) {
            return;
        }
        text = told;
        PriceText.read(told).ifPresentOrElse(this::know, SharedPrices::unreadable);
    }

    private void know(PriceList list) {
        known = list;
        filled = true;
    }

    /// Billing of another version may say what this one does not know.
    private static void unreadable() {
        LOG.warn("the price list cannot be read; what was known stays");
    }

    @Override
    public void close() {
        if (rounds != null) {
            rounds.close();
        }
    }
}
