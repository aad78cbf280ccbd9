// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a schema says of objects.
record ObjectCheck(SchemaCheck schemas, Patterns patterns) {

    /// @return the keyword that does not allow the value
    @Nullable String broken(JsonNode schema, String keyword, JsonNode value) {
        JsonNode rule = schema.get(keyword);
        return switch (keyword) {
            case "minProperties" ->
                    !rule.isNumber() || value.size() >= rule.asDouble() ? null : keyword;
            case "maxProperties" ->
                    !rule.isNumber() || value.size() <= rule.asDouble() ? null : keyword;
            case "required" -> hasAll(value, rule) ? null : keyword;
            case "properties", "patternProperties" -> described(rule, keyword, value);
            case "additionalProperties" -> additional(schema, rule, value);
            case "propertyNames" -> namesAllowed(rule, value) ? null : keyword;
            case "dependentRequired", "dependentSchemas", "dependencies" ->
                    dependent(rule, value) ? null : keyword;
            default -> null;
        };
    }

    private static boolean hasAll(JsonNode value, JsonNode names) {
        for (JsonNode name : names) {
            if (!value.has(name.asText())) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String described(JsonNode rules, String keyword, JsonNode value) {
        for (Map.Entry<String, JsonNode> rule : rules.properties()) {
            for (Map.Entry<String, JsonNode> property : value.properties()) {
                schemas.spend(1);
                if (isMeant(rule.getKey(), keyword, property.getKey())) {
                    String broken = schemas.broken(rule.getValue(), property.getValue());
                    if (broken != null) {
                        return broken;
                    }
                }
            }
        }
        return null;
    }

    private boolean isMeant(String rule, String keyword, String name) {
        return keyword.equals("properties") ? rule.equals(name) : patterns.find(rule, name);
    }

    private @Nullable String additional(JsonNode schema, JsonNode rule, JsonNode value) {
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            String name = property.getKey();
            boolean described =
                    schema.path("properties").has(name)
                            || schema.path("patternProperties").properties().stream()
                                    .anyMatch(pattern -> patterns.find(pattern.getKey(), name));
            String broken = described ? null : schemas.broken(rule, property.getValue());
            if (broken != null) {
                return broken.equals("false") ? "additionalProperties" : broken;
            }
        }
        return null;
    }

    private boolean namesAllowed(JsonNode rule, JsonNode value) {
        return value.propertyStream()
                .allMatch(property -> schemas.allows(rule, TextNode.valueOf(property.getKey())));
    }

    private boolean dependent(JsonNode rules, JsonNode value) {
        for (Map.Entry<String, JsonNode> rule : rules.properties()) {
            JsonNode needed = rule.getValue();
            boolean holds =
                    !value.has(rule.getKey())
                            || (needed.isArray()
                                    ? hasAll(value, needed)
                                    : schemas.allows(needed, value));
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
