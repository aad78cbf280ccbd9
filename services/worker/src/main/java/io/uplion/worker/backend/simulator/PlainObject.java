// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
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
    private final PropertyNames names;

    PlainObject(SchemaInstance schemas, SchemaBudget budget, SampleText texts) {
        this.schemas = schemas;
        this.budget = budget;
        this.names = new PropertyNames(schemas, texts);
    }

    /// @param brief only what is required
    Optional<JsonNode> make(JsonNode schema, SchemaPlace place, boolean brief) {
        Set<String> required = required(schema);
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        long optional = brief ? 0 : maxProperties(schema) - required.size();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            boolean needed = required.remove(property.getKey());
            boolean welcome = optional > 0 && names.isAllowed(schema, property.getKey());
            if (!needed && !welcome) {
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
    private boolean others(
            ObjectNode made, JsonNode schema, Set<String> required, SchemaPlace place) {
        for (String name : required) {
            if (!put(made, name, names.described(schema, name), place)) {
                return false;
            }
        }
        return true;
    }

    /// One entry where any are described, more where more are asked for.
    private boolean fill(ObjectNode made, JsonNode schema, SchemaPlace place, boolean brief) {
        long least = schema.path("minProperties").asLong(0);
        boolean map = made.isEmpty() && PropertyNames.describesAny(schema);
        long wanted = Math.min(maxProperties(schema), Math.max(least, map && !brief ? 1 : 0));
        for (int i = 1; made.size() < wanted; i++) {
            Optional<String> name = names.make(schema, place.item(place.variant() + i));
            if (name.isEmpty()
                    || !put(made, name.get(), names.described(schema, name.get()), place)) {
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

    private static long maxProperties(JsonNode schema) {
        return schema.path("maxProperties").asLong(Long.MAX_VALUE);
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> names = new LinkedHashSet<>();
        schema.path("required").forEach(name -> names.add(name.asText()));
        return names;
    }
}
