// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import io.uplion.platform.identity.Limits;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;

/// What can be enforced. Anything else is refused when it is set, not ignored when it matters.
public final class LimitRules {
    public static final long MOST_RPM = 1_000_000;
    public static final long MOST_TPM = 10_000_000_000L;
    public static final int MOST_CONCURRENT = 100_000;

    /// A thousand million units; the sum of nine such budgets still fits a number.
    public static final long MOST_NANOS = 1_000_000_000_000_000_000L;

    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MOST = BigDecimal.valueOf(MOST_NANOS, NANO_DIGITS);

    private LimitRules() {}

    /// The first thing that is wrong with them.
    public static Optional<Problem> problem(Limits limits) {
        return Stream.of(
                        limits.rpm().flatMap(value -> outOfBounds("rpm", value, MOST_RPM)),
                        limits.tpm().flatMap(value -> outOfBounds("tpm", value, MOST_TPM)),
                        limits.concurrent()
                                .flatMap(
                                        value -> outOfBounds("concurrent", value, MOST_CONCURRENT)),
                        limits.budget().flatMap(LimitRules::problem))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Problem> outOfBounds(String field, long value, long most) {
        if (value < 0) {
            return Optional.of(new Problem(field, "must not be negative, is " + value));
        }
        if (value == 0) {
            return Optional.of(
                    new Problem(field, "must be 1 or more; what may do nothing is switched off"));
        }
        return value > most
                ? Optional.of(new Problem(field, "must be at most " + most + ", is " + value))
                : Optional.empty();
    }

    private static Optional<Problem> problem(Limits.Budget budget) {
        if (budget.nanos() <= 0) {
            return Optional.of(
                    new Problem(
                            "budget", "must be more than 0; what may do nothing is switched off"));
        }
        return budget.nanos() > MOST_NANOS
                ? Optional.of(new Problem("budget", "must be at most 1000000000"))
                : Optional.empty();
    }

    /// @param amount in units of the platform's currency
    /// @throws IllegalArgumentException with words for a person, for what are no whole nano-units
    ///   or more than can be counted
    public static long nanos(BigDecimal amount) {
        if (amount.stripTrailingZeros().scale() > NANO_DIGITS) {
            throw new IllegalArgumentException(
                    "must have at most " + NANO_DIGITS + " decimal places");
        }
        // Before the exact number is made: 1e999999999 would take all memory.
        if (amount.abs().compareTo(MOST) > 0) {
            throw new IllegalArgumentException("must be at most 1000000000");
        }
        return amount.movePointRight(NANO_DIGITS).longValueExact();
    }
}
