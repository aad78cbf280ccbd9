// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds a number within a schema's bounds.
///
/// @param step what the number is a multiple of; nothing where any will do
record SampleNumber(Bound low, Bound high, @Nullable BigDecimal step, boolean integer) {

    /// @param value nothing where there is no bound
    /// @param open the bound itself does not count
    record Bound(@Nullable BigDecimal value, boolean open) {}

    static Optional<JsonNode> of(JsonNode schema, boolean integer, int variant) {
        return new SampleNumber(
                        bound(schema, "minimum", "exclusiveMinimum", 1),
                        bound(schema, "maximum", "exclusiveMaximum", -1),
                        step(schema.path("multipleOf"), integer),
                        integer)
                .find(variant);
    }

    private Optional<JsonNode> find(int variant) {
        BigDecimal first = first();
        BigDecimal unit = step == null ? BigDecimal.ONE : step;
        BigDecimal varied = first.add(unit.multiply(BigDecimal.valueOf(variant)));
        if (fits(varied)) {
            return Optional.of(node(varied));
        }
        return fits(first) ? Optional.of(node(first)) : Optional.empty();
    }

    /// One where that is allowed, for it is the number least likely to surprise.
    private BigDecimal first() {
        BigDecimal one = up(BigDecimal.ONE);
        if (fits(one)) {
            return one;
        }
        BigDecimal lowest = low.value();
        BigDecimal highest = high.value();
        if (lowest == null) {
            return highest == null ? BigDecimal.ZERO : below(highest);
        }
        if (step == null && highest != null && low.open()) {
            return lowest.add(highest).divide(BigDecimal.TWO);
        }
        return above(lowest);
    }

    private BigDecimal above(BigDecimal lowest) {
        BigDecimal unit = step == null ? BigDecimal.ONE : step;
        BigDecimal first = up(lowest);
        return low.open() && first.compareTo(lowest) == 0 ? first.add(unit) : first;
    }

    private BigDecimal below(BigDecimal highest) {
        BigDecimal unit = step == null ? BigDecimal.ONE : step;
        BigDecimal last = multiple(highest, RoundingMode.FLOOR);
        return high.open() && last.compareTo(highest) == 0 ? last.subtract(unit) : last;
    }

    private BigDecimal up(BigDecimal value) {
        return multiple(value, RoundingMode.CEILING);
    }

    private BigDecimal multiple(BigDecimal value, RoundingMode rounding) {
        return step == null ? value : value.divide(step, 0, rounding).multiply(step);
    }

    private boolean fits(BigDecimal value) {
        BigDecimal lowest = low.value();
        BigDecimal highest = high.value();
        boolean above = lowest == null || value.compareTo(lowest) > (low.open() ? 0 : -1);
        boolean below = highest == null || value.compareTo(highest) < (high.open() ? 0 : 1);
        return above && below;
    }

    private JsonNode node(BigDecimal value) {
        return integer
                ? BigIntegerNode.valueOf(value.toBigInteger())
                : DecimalNode.valueOf(value.stripTrailingZeros());
    }

    /// @param tighter 1 where the larger of two bounds counts, -1 where the smaller does
    private static Bound bound(JsonNode schema, String closed, String open, int tighter) {
        BigDecimal inclusive = finite(schema.path(closed));
        BigDecimal exclusive = finite(schema.path(open));
        if (exclusive == null) {
            // The older form: a flag beside the bound.
            return new Bound(inclusive, schema.path(open).asBoolean());
        }
        if (inclusive == null || Integer.signum(exclusive.compareTo(inclusive)) != -tighter) {
            return new Bound(exclusive, true);
        }
        return new Bound(inclusive, false);
    }

    /// Whole numbers are looked for among whole multiples only.
    private static @Nullable BigDecimal step(JsonNode multipleOf, boolean integer) {
        BigDecimal none = integer ? BigDecimal.ONE : null;
        BigDecimal asked = finite(multipleOf);
        if (asked == null || asked.signum() <= 0) {
            return none;
        }
        boolean whole = asked.stripTrailingZeros().scale() <= 0;
        return whole || !integer ? asked : none;
    }

    private static @Nullable BigDecimal finite(JsonNode number) {
        if (!number.isNumber() || (number.isDouble() && !Double.isFinite(number.doubleValue()))) {
            return null;
        }
        return number.decimalValue();
    }
}
