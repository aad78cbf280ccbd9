// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Period;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetPeriodTest {
    /// Billing and gateways must name it alike, whatever their machines' zones are.
    @ParameterizedTest
    @CsvSource({
        "DAY,2026-11-28T23:59:59.999Z,2026-11-28",
        "DAY,2026-11-29T00:00:00Z,2026-11-29",
        "DAY,2026-01-05T12:00:00Z,2026-01-05",
        "MONTH,2026-11-30T23:59:59.999Z,2026-11",
        "MONTH,2026-12-01T00:00:00Z,2026-12",
        "TOTAL,2026-12-01T00:00:00Z,total"
    })
    void dayAndMonthAreThoseOfUtc(Period period, Instant accepted, String name) {
        assertThat(Budget.of(new Limits.Budget(7, period), accepted))
                .isEqualTo(new Budget(name, 7));
    }
}
