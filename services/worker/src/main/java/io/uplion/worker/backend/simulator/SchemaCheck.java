// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a value is one that a schema allows. What was made for a schema is looked at with it
/// before it is said: not every keyword is understood when a value is made.
///
/// `format` and `unevaluatedItems` and `unevaluatedProperties` are not looked at. A schema
/// validator from elsewhere has no bound for its work, and runs a client's expressions as they are.
final class SchemaCheck {
    private static final int MAX_STEPS = 200_000;
    private static final int MAX_NESTED = 400;
    private static final Set<String> UNKNOWN = Set.of("$dynamicRef", "$recursiveRef");

    private final SchemaRefs refs;
    private final ScalarCheck scalars;
    private final ArrayCheck arrays;
    private final ObjectCheck objects;
    private int steps;
    private int nested;

    SchemaCheck(SchemaRefs refs, Patterns patterns) {
        this.refs = refs;
        this.scalars = new ScalarCheck(patterns);
        this.arrays = new ArrayCheck(this);
        this.objects = new ObjectCheck(this, patterns);
    }

    boolean allows(JsonNode schema, JsonNode value) {
        return broken(schema, value) == null;
    }

    /// @return the keyword that does not allow the value
    @Nullable String broken(JsonNode schema, JsonNode value) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? null : "false";
        }
        nested++;
        spend(1);
        try {
            for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
                String broken = broken(schema, keyword.getKey(), value);
                if (broken != null) {
                    return broken;
                }
            }
            return null;
        } finally {
            nested--;
        }
    }

    void spend(int more) {
        steps += more;
        if (steps > MAX_STEPS || nested > MAX_NESTED) {
            throw Refusal.invalidValue(
                    refs.param(), "The schema is too large, or too deep, for the simulator.");
        }
    }

    private @Nullable String broken(JsonNode schema, String keyword, JsonNode value) {
        spend(1);
        JsonNode rule = schema.get(keyword);
        return switch (keyword) {
            case "$ref" -> broken(refs.follow(rule), value);
            case "allOf" -> all(rule, value);
            case "anyOf" -> !rule.isArray() || matches(rule, value) > 0 ? null : keyword;
            case "oneOf" -> !rule.isArray() || matches(rule, value) == 1 ? null : keyword;
            case "not" -> allows(rule, value) ? keyword : null;
            case "if" -> branch(schema, value);
            default -> UNKNOWN.contains(keyword) ? keyword : plain(schema, keyword, value);
        };
    }

    private @Nullable String plain(JsonNode schema, String keyword, JsonNode value) {
        if (value.isArray()) {
            String broken = arrays.broken(schema, keyword, value);
            if (broken != null) {
                return broken;
            }
        } else if (value.isObject()) {
            String broken = objects.broken(schema, keyword, value);
            if (broken != null) {
                return broken;
            }
        }
        return scalars.allows(schema, keyword, value) ? null : keyword;
    }

    private @Nullable String all(JsonNode schemas, JsonNode value) {
        for (JsonNode schema : schemas) {
            String broken = broken(schema, value);
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    int matches(JsonNode schemas, JsonNode value) {
        int matches = 0;
        for (JsonNode schema : schemas) {
            matches += allows(schema, value) ? 1 : 0;
        }
        return matches;
    }

    private @Nullable String branch(JsonNode schema, JsonNode value) {
        String taken = allows(schema.get("if"), value) ? "then" : "else";
        return schema.has(taken) ? broken(schema.get(taken), value) : null;
    }
}
