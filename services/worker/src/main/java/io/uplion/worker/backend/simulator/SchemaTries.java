// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// What to try for a schema that constrains without describing: other values, as little as is
/// allowed, other types.
final class SchemaTries {
    private static final int VARIANTS = 4;
    private static final int MOST_VARIANTS = 50;

    private static final List<String> CONSTRAINTS =
            List.of(
                    "not",
                    "pattern",
                    "propertyNames",
                    "patternProperties",
                    "contains",
                    "multipleOf",
                    "uniqueItems",
                    "dependentRequired",
                    "dependentSchemas",
                    "dependencies");
    private static final List<String> TYPES =
            List.of("string", "integer", "object", "array", "boolean", "null", "number");

    private SchemaTries() {}

    record Try(JsonNode schema, SchemaPlace place) {}

    static boolean areNeeded(JsonNode schema) {
        return CONSTRAINTS.stream().anyMatch(schema::has);
    }

    static List<Try> of(ObjectNode schema, SchemaPlace place) {
        List<Try> tries = new ArrayList<>();
        add(tries, schema, place);
        JsonNode types = schema.path("type");
        if (types.isArray()) {
            types.forEach(type -> add(tries, typed(schema, type.asText()), place));
        } else if (types.isMissingNode() && !schema.has("enum") && !schema.has("const")) {
            TYPES.forEach(type -> add(tries, typed(schema, type), place));
        }
        return tries;
    }

    private static void add(List<Try> tries, JsonNode schema, SchemaPlace place) {
        int variants = Math.clamp(schema.path("enum").size(), VARIANTS, MOST_VARIANTS);
        for (int i = 0; i < variants; i++) {
            tries.add(new Try(schema, place.other(i)));
        }
        tries.add(new Try(schema, place.sparse()));
    }

    private static ObjectNode typed(ObjectNode schema, String type) {
        ObjectNode typed = JsonNodeFactory.instance.objectNode();
        typed.setAll(schema);
        return typed.put("type", type);
    }
}
