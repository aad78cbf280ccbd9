// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes an object with every property its schema names, so that a reader's code meets each of
/// them.
final class PlainObject {
    private final SchemaInstance schemas;
    private final SchemaBudget budget;

    PlainObject(SchemaInstance schemas, SchemaBudget budget) {
        this.schemas = schemas;
        this.budget = budget;
    }

    /// @param brief only what is required
    Optional<JsonNode> make(JsonNode schema, SchemaPlace place, boolean brief) {
        Set<String> required = required(schema);
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        long optional = brief ? 0 : maxProperties(schema) - required.size();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            boolean needed = required.remove(property.getKey());
            if (!needed && optional <= 0) {
                continue;
            }
            Optional<JsonNode> value = value(property, place);
            if (value.isPresent()) {
                made.set(property.getKey(), value.get());
                optional -= needed ? 0 : 1;
            } else if (needed) {
                return Optional.empty();
            }
        }
        return others(made, schema, required, place) && fill(made, schema, place, brief)
                ? Optional.of(made)
                : Optional.empty();
    }

    private Optional<JsonNode> value(Map.Entry<String, JsonNode> property, SchemaPlace place) {
        return budget.spend(property.getKey().length())
                ? schemas.make(property.getValue(), place.child())
                : Optional.empty();
    }

    /// Properties that are required and not described.
    private boolean others(ObjectNode made, JsonNode schema, Set<String> names, SchemaPlace place) {
        JsonNode additional = additional(schema);
        for (String name : names) {
            if (!put(made, name, additional, place)) {
                return false;
            }
        }
        return true;
    }

    /// One entry where any are described, more where more are asked for.
    private boolean fill(ObjectNode made, JsonNode schema, SchemaPlace place, boolean brief) {
        long least = schema.path("minProperties").asLong(0);
        boolean map = schema.path("additionalProperties").isObject() && made.isEmpty();
        long wanted = Math.min(maxProperties(schema), Math.max(least, map && !brief ? 1 : 0));
        for (int i = 1; made.size() < wanted; i++) {
            if (!put(made, "key" + i, additional(schema), place)) {
                return made.size() >= least;
            }
        }
        return true;
    }

    private boolean put(ObjectNode made, String name, JsonNode schema, SchemaPlace place) {
        Optional<JsonNode> value = value(Map.entry(name, schema), place);
        value.ifPresent(given -> made.set(name, given));
        return value.isPresent();
    }

    private static JsonNode additional(JsonNode schema) {
        JsonNode additional = schema.path("additionalProperties");
        return additional.isMissingNode() ? BooleanNode.TRUE : additional;
    }

    private static long maxProperties(JsonNode schema) {
        return schema.path("maxProperties").asLong(Long.MAX_VALUE);
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> names = new LinkedHashSet<>();
        schema.path("required").forEach(name -> names.add(name.asText()));
        return names;
    }
}
