// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.counters.reserve.Budget;
import io.uplion.platform.identity.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// The times that budgets are for, as counters name them: `2026-11-28`, `2026-11`, `total`; in UTC.
final class Period {
    /// So long before it begins the next one is opened.
    private static final Duration AHEAD = Duration.ofHours(1);

    private static final int DAY = "2026-11-28".length();
    private static final int MONTH = "2026-11".length();

    private Period() {}

    /// Those that must be open now.
    static List<String> open(Limits.Period kind, Instant now) {
        List<String> names = new ArrayList<>();
        names.add(Budget.period(kind, now));
        String soon = Budget.period(kind, now.plus(AHEAD));
        if (!names.contains(soon)) {
            names.add(soon);
        }
        return names;
    }

    /// Whether nobody asks for it any more, wherever and whatever his clock says.
    static boolean isLongOver(String period, Instant now) {
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        if (period.length() == DAY) {
            return LocalDate.parse(period).isBefore(today.minusDays(2));
        }
        return period.length() == MONTH
                && YearMonth.parse(period).isBefore(YearMonth.from(today).minusMonths(1));
    }
}
