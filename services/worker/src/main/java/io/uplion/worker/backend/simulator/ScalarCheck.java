// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.function.IntPredicate;

/// What a schema says of any value, of texts and of numbers. A keyword that makes no sense says
/// nothing.
record ScalarCheck(Patterns patterns) {

    boolean allows(JsonNode schema, String keyword, JsonNode value) {
        JsonNode rule = schema.get(keyword);
        return switch (keyword) {
            case "type" -> isOfType(value, rule);
            case "const" -> same(rule, value);
            case "enum" -> !rule.isArray() || isListed(value, rule);
            case "minLength", "maxLength", "pattern" ->
                    !value.isTextual() || text(keyword, rule, value.textValue());
            default -> !value.isNumber() || !rule.isNumber() || number(schema, keyword, value);
        };
    }

    private static boolean isListed(JsonNode value, JsonNode list) {
        for (JsonNode allowed : list) {
            if (same(allowed, value)) {
                return true;
            }
        }
        return false;
    }

    /// One is 1 and 1.0.
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals(ScalarCheck::compare, other);
    }

    private static int compare(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return 0;
        }
        boolean numbers = isFinite(one) && isFinite(other);
        return numbers ? one.decimalValue().compareTo(other.decimalValue()) : 1;
    }

    private static boolean isFinite(JsonNode node) {
        return node.isNumber() && (!node.isDouble() || Double.isFinite(node.doubleValue()));
    }

    /// Any type where none is named.
    static boolean isOfType(JsonNode value, JsonNode types) {
        if (types.isTextual()) {
            return isOfType(value, types.textValue());
        }
        for (JsonNode type : types) {
            if (isOfType(value, type.asText())) {
                return true;
            }
        }
        return !types.isArray();
    }

    private static boolean isOfType(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" ->
                    value.isIntegralNumber()
                            || (isFinite(value)
                                    && value.decimalValue().stripTrailingZeros().scale() <= 0);
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
    }

    private boolean text(String keyword, JsonNode rule, String text) {
        if (keyword.equals("pattern")) {
            return !rule.isTextual() || patterns.find(rule.textValue(), text);
        }
        int length = text.codePointCount(0, text.length());
        return !rule.isNumber()
                || (keyword.equals("minLength")
                        ? length >= rule.asDouble()
                        : length <= rule.asDouble());
    }

    private static boolean number(JsonNode schema, String keyword, JsonNode value) {
        JsonNode rule = schema.get(keyword);
        if (!isFinite(rule) || !isFinite(value)) {
            return true;
        }
        IntPredicate holds =
                switch (keyword) {
                    case "minimum" ->
                            // The older form: a flag beside the bound.
                            sign ->
                                    sign > 0
                                            || (sign == 0
                                                    && !schema.path("exclusiveMinimum")
                                                            .asBoolean(false));
                    case "maximum" ->
                            sign ->
                                    sign < 0
                                            || (sign == 0
                                                    && !schema.path("exclusiveMaximum")
                                                            .asBoolean(false));
                    case "exclusiveMinimum" -> sign -> sign > 0;
                    case "exclusiveMaximum" -> sign -> sign < 0;
                    default -> _ -> true;
                };
        BigDecimal number = value.decimalValue();
        return keyword.equals("multipleOf")
                ? isMultiple(number, rule.decimalValue())
                : holds.test(number.compareTo(rule.decimalValue()));
    }

    private static boolean isMultiple(BigDecimal number, BigDecimal step) {
        return step.signum() <= 0 || number.remainder(step).signum() == 0;
    }
}
