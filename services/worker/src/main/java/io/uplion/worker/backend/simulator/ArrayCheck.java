// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What a schema says of arrays.
record ArrayCheck(SchemaCheck schemas) {

    /// @return the keyword that does not allow the value
    @Nullable String broken(JsonNode schema, String keyword, JsonNode value) {
        JsonNode rule = schema.get(keyword);
        return switch (keyword) {
            case "minItems" -> !rule.isNumber() || value.size() >= rule.asDouble() ? null : keyword;
            case "maxItems" -> !rule.isNumber() || value.size() <= rule.asDouble() ? null : keyword;
            case "uniqueItems" -> !rule.asBoolean() || areUnique(value) ? null : keyword;
            case "prefixItems" -> first(rule, value);
            case "items" -> rule.isArray() ? first(rule, value) : rest(schema, keyword, value);
            case "additionalItems" -> rest(schema, keyword, value);
            case "contains" -> contains(schema, rule, value) ? null : keyword;
            default -> null;
        };
    }

    private boolean areUnique(JsonNode value) {
        for (int i = 0; i < value.size(); i++) {
            schemas.spend(i);
            for (int j = 0; j < i; j++) {
                if (ScalarCheck.same(value.get(i), value.get(j))) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable String first(JsonNode rules, JsonNode value) {
        for (int i = 0; i < Math.min(rules.size(), value.size()); i++) {
            String broken = schemas.broken(rules.path(i), value.get(i));
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    /// What is not described one by one.
    private @Nullable String rest(JsonNode schema, String keyword, JsonNode value) {
        JsonNode items = schema.path("items");
        if (keyword.equals("additionalItems") && !items.isArray()) {
            return null;
        }
        int described = items.isArray() ? items.size() : schema.path("prefixItems").size();
        for (int i = described; i < value.size(); i++) {
            String broken = schemas.broken(schema.get(keyword), value.get(i));
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private boolean contains(JsonNode schema, JsonNode rule, JsonNode value) {
        int found = 0;
        for (JsonNode item : value) {
            found += schemas.allows(rule, item) ? 1 : 0;
        }
        return found >= schema.path("minContains").asDouble(1)
                && found <= schema.path("maxContains").asDouble(Double.MAX_VALUE);
    }
}
