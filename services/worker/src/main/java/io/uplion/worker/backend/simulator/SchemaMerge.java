// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Makes one schema of two that both must hold.
final class SchemaMerge {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SchemaMerge() {}

    static ObjectNode both(JsonNode one, JsonNode other) {
        ObjectNode merged = NODES.objectNode();
        merged.setAll((ObjectNode) one);
        for (Map.Entry<String, JsonNode> keyword : other.properties()) {
            String name = keyword.getKey();
            JsonNode mine = merged.get(name);
            if (mine == null) {
                merged.set(name, keyword.getValue());
            } else {
                keyword(merged, name, mine, keyword.getValue());
            }
        }
        return merged;
    }

    /// Both schemas have the keyword.
    private static void keyword(ObjectNode merged, String name, JsonNode mine, JsonNode theirs) {
        switch (name) {
            case "properties", "patternProperties" -> merged.set(name, properties(mine, theirs));
            case "required", "allOf" -> merged.set(name, concat(mine, theirs));
            case "type" -> merged.set(name, types(mine, theirs));
            case "enum" -> merged.set(name, common(mine, theirs));
            case "not" -> merged.set(name, NODES.objectNode().set("anyOf", pair(mine, theirs)));
            case "items", "prefixItems", "additionalProperties", "propertyNames" ->
                    merged.set(name, narrower(mine, theirs));
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
                    merged.set(name, mine.asDouble() >= theirs.asDouble() ? mine : theirs);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
                    merged.set(name, mine.asDouble() <= theirs.asDouble() ? mine : theirs);
            case "$ref", "anyOf", "oneOf", "if" -> later(merged, name, theirs);
            default -> merged.set(name, theirs);
        }
    }

    /// Two of these cannot be one; the second waits until the first is resolved.
    private static void later(ObjectNode merged, String name, JsonNode theirs) {
        ArrayNode all = NODES.arrayNode();
        merged.path("allOf").forEach(all::add);
        all.add(NODES.objectNode().set(name, theirs));
        merged.set("allOf", all);
    }

    private static JsonNode properties(JsonNode mine, JsonNode theirs) {
        if (!mine.isObject() || !theirs.isObject()) {
            return theirs;
        }
        ObjectNode all = NODES.objectNode();
        all.setAll((ObjectNode) mine);
        for (Map.Entry<String, JsonNode> property : theirs.properties()) {
            JsonNode before = mine.get(property.getKey());
            all.set(
                    property.getKey(),
                    before == null ? property.getValue() : allOf(before, property.getValue()));
        }
        return all;
    }

    private static JsonNode narrower(JsonNode mine, JsonNode theirs) {
        if (mine.isObject() && theirs.isObject()) {
            return allOf(mine, theirs);
        }
        boolean never = mine.isBoolean() && !mine.booleanValue();
        boolean anything = theirs.isBoolean() && theirs.booleanValue();
        return never || anything ? mine : theirs;
    }

    static ObjectNode allOf(JsonNode one, JsonNode other) {
        ObjectNode schema = NODES.objectNode();
        schema.set("allOf", pair(one, other));
        return schema;
    }

    private static ArrayNode pair(JsonNode one, JsonNode other) {
        return NODES.arrayNode().add(one).add(other);
    }

    private static ArrayNode concat(JsonNode mine, JsonNode theirs) {
        ArrayNode all = NODES.arrayNode();
        mine.forEach(all::add);
        theirs.forEach(all::add);
        return all;
    }

    private static ArrayNode types(JsonNode mine, JsonNode theirs) {
        ArrayNode left = list(mine);
        ArrayNode right = list(theirs);
        Set<String> allowed = new HashSet<>();
        left.forEach(type -> allowed.add(type.asText()));
        ArrayNode common = NODES.arrayNode();
        for (JsonNode type : right) {
            String name = type.asText();
            if (allowed.contains(name) || (name.equals("integer") && allowed.contains("number"))) {
                common.add(name);
            } else if (name.equals("number") && allowed.contains("integer")) {
                common.add("integer");
            }
        }
        return common;
    }

    private static ArrayNode list(JsonNode types) {
        return types.isArray() ? (ArrayNode) types : NODES.arrayNode().add(types);
    }

    private static ArrayNode common(JsonNode mine, JsonNode theirs) {
        Set<JsonNode> allowed = new HashSet<>();
        mine.forEach(allowed::add);
        ArrayNode common = NODES.arrayNode();
        for (JsonNode value : theirs) {
            if (allowed.contains(value)) {
                common.add(value);
            }
        }
        return common;
    }
}
