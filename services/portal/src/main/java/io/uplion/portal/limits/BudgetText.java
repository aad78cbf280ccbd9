// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import io.uplion.platform.identity.Limits.Budget;
import io.uplion.platform.identity.Limits.Period;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A budget as it is typed: `12.50/month`.
public final class BudgetText {
    private static final String FORM =
            "must be AMOUNT/PERIOD, for example 12.50/month; the period is day, month or total,"
                    + " and there is one currency, which is not named";

    private static final Pattern AMOUNT = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");

    private BudgetText() {}

    /// @throws IllegalArgumentException with words for a person
    public static Budget parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length != 2 || !AMOUNT.matcher(parts[0]).matches()) {
            throw new IllegalArgumentException(FORM);
        }
        Period period = period(parts[1]).orElseThrow(() -> new IllegalArgumentException(FORM));
        return new Budget(LimitRules.nanos(new BigDecimal(parts[0])), period);
    }

    private static Optional<Period> period(String text) {
        return Arrays.stream(Period.values())
                .filter(period -> name(period).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    public static String of(Budget budget) {
        BigDecimal amount = BigDecimal.valueOf(budget.nanos(), 9).stripTrailingZeros();
        return amount.toPlainString() + "/" + name(budget.period());
    }

    private static String name(Period period) {
        return period.name().toLowerCase(Locale.ROOT);
    }
}
