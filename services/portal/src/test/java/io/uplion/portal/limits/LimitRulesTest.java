// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Budget;
import io.uplion.platform.identity.Limits.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitRulesTest {

    @ParameterizedTest
    @CsvSource({
        "rpm, -1, must not be negative",
        "rpm, 0, must be 1 or more",
        "rpm, 1000001, must be at most 1000000",
        "tpm, -1, must not be negative",
        "tpm, 0, must be 1 or more",
        "tpm, 9223372036854775807, must be at most 10000000000",
        "concurrent, -1, must not be negative",
        "concurrent, 0, must be 1 or more",
        "concurrent, 2147483647, must be at most 100000",
        "budget, -1, must be more than 0",
        "budget, 0, must be more than 0",
        "budget, 1000000000000000001, must be at most 1000000000"
    })
    void whatCannotBeEnforcedIsRefusedWithFieldAndReason(String field, long value, String reason) {
        assertThat(LimitRules.problem(limits(field, value)).orElseThrow())
                .satisfies(
                        problem -> {
                            assertThat(problem.field()).isEqualTo(field);
                            assertThat(problem.reason()).contains(reason);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "rpm, 1",
        "rpm, 1000000",
        "tpm, 10000000000",
        "concurrent, 100000",
        "budget, 1",
        "budget, 1000000000000000000"
    })
    void theBoundsThemselvesAreAllowed(String field, long value) {
        assertThat(LimitRules.problem(limits(field, value))).isEmpty();
    }

    private static Limits limits(String field, long value) {
        return new Limits(
                field.equals("rpm") ? Optional.of(value) : Optional.empty(),
                field.equals("tpm") ? Optional.of(value) : Optional.empty(),
                field.equals("concurrent") ? Optional.of((int) value) : Optional.empty(),
                field.equals("budget")
                        ? Optional.of(new Budget(value, Period.DAY))
                        : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "12.50/month, 12500000000, MONTH, 12.5/month",
        "1/DAY, 1000000000, DAY, 1/day",
        "0.000000001/total, 1, TOTAL, 0.000000001/total",
        "1000000000/total, 1000000000000000000, TOTAL, 1000000000/total",
        "-3/day, -3000000000, DAY, -3/day"
    })
    void aBudgetIsReadExactly(String text, long nanos, Period period, String written) {
        assertThat(BudgetText.parse(text)).isEqualTo(new Budget(nanos, period));
        assertThat(BudgetText.of(BudgetText.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5/week",
                "5EUR/month",
                "5 /month",
                "/month",
                "5/",
                "1e9/day",
                "0x1/day",
                "5/month/day",
                "NaN/day",
                "1,5/day"
            })
    void aBudgetInAnotherUnitIsRefused(String text) {
        assertThatThrownBy(() -> BudgetText.parse(text)).hasMessageContaining("12.50/month");
    }

    @Test
    void moreThanCanBeCountedIsRefused() {
        assertThatThrownBy(() -> BudgetText.parse("0.0000000001/day"))
                .hasMessageContaining("9 decimal places");
        assertThatThrownBy(() -> BudgetText.parse("99999999999999999999999999/day"))
                .hasMessageContaining("at most 1000000000");
    }
}
