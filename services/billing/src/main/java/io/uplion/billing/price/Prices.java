// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.price;

import io.uplion.catalog.price.PriceList.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// What was decided of prices. Decisions are added and never changed: what was billed stays
/// explained.
public final class Prices {
    /// Who says "now" says it a little before we hear it.
    private static final Duration LATE = Duration.ofMinutes(1);

    private static final int LONGEST_NAME = 200;

    private final Jdbi jdbi;
    private final Clock clock;

    /// @param jdbi the primary
    public Prices(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /// Whether a price was taken.
    public sealed interface Setting {
        record Set() implements Setting {}

        record Invalid(String field, String problem) implements Setting {}
    }

    /// It holds for what is accepted from its time on; the gateways know it within seconds.
    public Setting set(Entry entry) {
        Instant from = entry.dated().from();
        if (entry.name().isBlank() || entry.name().length() > LONGEST_NAME) {
            return new Setting.Invalid("name", "must have 1 to " + LONGEST_NAME + " characters");
        }
        if (entry.name().chars().anyMatch(Character::isISOControl)) {
            return new Setting.Invalid("name", "must be a line of text");
        }
        if (from.isBefore(clock.instant().minus(LATE))) {
            return new Setting.Invalid(
                    "from", "is past: what was accepted since then has been billed already");
        }
        jdbi.useTransaction(handle -> PriceSql.insert(handle, entry));
        return new Setting.Set();
    }

    /// In the order in which they were decided.
    public List<Entry> all() {
        return jdbi.withHandle(PriceSql::all);
    }
}
