// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a value for a schema without references and alternatives.
final class PlainSchema {
    /// Keywords that only make sense for one type.
    private static final List<Implied> IMPLIED =
            List.of(
                    new Implied(
                            "object",
                            List.of(
                                    "properties",
                                    "required",
                                    "additionalProperties",
                                    "propertyNames",
                                    "patternProperties",
                                    "dependentRequired",
                                    "dependentSchemas",
                                    "minProperties")),
                    new Implied(
                            "array",
                            List.of("items", "prefixItems", "contains", "minItems", "maxItems")),
                    new Implied(
                            "number",
                            List.of(
                                    "minimum",
                                    "maximum",
                                    "exclusiveMinimum",
                                    "exclusiveMaximum",
                                    "multipleOf")),
                    new Implied("string", List.of("format", "pattern", "minLength", "maxLength")));

    private record Implied(String type, List<String> keywords) {}

    private final SchemaInstance schemas;
    private final SchemaBudget budget;
    private final PlainObject objects;
    private final SampleText texts;

    PlainSchema(SchemaInstance schemas, SchemaBudget budget, Patterns patterns) {
        this.schemas = schemas;
        this.texts = new SampleText(patterns);
        this.budget = budget;
        this.objects = new PlainObject(schemas, budget, texts);
    }

    Optional<JsonNode> make(JsonNode schema, SchemaPlace place) {
        if (schema.has("const")) {
            return given(schema.get("const"));
        }
        boolean brief = place.isBrief() || budget.isTight();
        if (schema.path("enum").isArray()) {
            return listed(schema, place.variant());
        }
        return switch (type(schema, place, brief)) {
            case "object" -> objects.make(schema, place, brief);
            case "array" -> array(schema, place, brief);
            case "string" -> text(schema, place);
            case "integer" -> SampleNumber.of(schema, true, place.variant());
            case "number" -> SampleNumber.of(schema, false, place.variant());
            case "boolean" -> Optional.of(BooleanNode.valueOf(place.variant() % 2 == 0));
            case "null" -> Optional.of(NullNode.getInstance());
            default -> Optional.empty();
        };
    }

    private Optional<JsonNode> text(JsonNode schema, SchemaPlace place) {
        Optional<String> text = texts.of(schema, place.variant());
        if (text.isEmpty() && schema.has("pattern")) {
            schemas.unmet("pattern");
        }
        return text.filter(made -> budget.spend(made.length())).map(TextNode::valueOf);
    }

    /// A value from the schema itself may be as large as the request.
    private Optional<JsonNode> given(JsonNode value) {
        return budget.spend(value.toString().length()) ? Optional.of(value) : Optional.empty();
    }

    private Optional<JsonNode> listed(JsonNode schema, int variant) {
        List<JsonNode> allowed = new ArrayList<>();
        for (JsonNode value : schema.get("enum")) {
            if (ScalarCheck.isOfType(value, schema.path("type"))) {
                allowed.add(value);
            }
        }
        return allowed.isEmpty() ? Optional.empty() : given(allowed.get(variant % allowed.size()));
    }

    private static String type(JsonNode schema, SchemaPlace place, boolean brief) {
        JsonNode types = schema.path("type");
        if (types.isTextual()) {
            return types.textValue();
        }
        if (!types.isArray()) {
            return implied(schema, place);
        }
        String chosen = "";
        for (JsonNode type : types) {
            boolean nothing = type.asText().equals("null");
            if (chosen.isEmpty() || (nothing ? brief : chosen.equals("null") && !brief)) {
                chosen = type.asText();
            }
        }
        return chosen;
    }

    /// Many schemas leave `type` out where the rest says it.
    private static String implied(JsonNode schema, SchemaPlace place) {
        for (Implied implied : IMPLIED) {
            if (implied.keywords().stream().anyMatch(schema::has)) {
                return implied.type();
            }
        }
        return place.depth() == 0 ? "object" : "string";
    }

    private Optional<JsonNode> array(JsonNode schema, SchemaPlace place, boolean brief) {
        JsonNode items = schema.path("items");
        JsonNode first = items.isArray() ? items : schema.path("prefixItems");
        JsonNode rest = schema.path(items.isArray() ? "additionalItems" : "items");
        JsonNode needed = schema.path("contains");
        long wantedOfThem = needed.isMissingNode() ? 0 : schema.path("minContains").asLong(1);
        long fewest = Math.max(schema.path("minItems").asLong(0), wantedOfThem);
        int least = Math.clamp(fewest, 0, Integer.MAX_VALUE);
        long wanted = Math.max(least, brief ? 0 : Math.max(1, first.size()));
        long count = Math.min(wanted, schema.path("maxItems").asLong(Long.MAX_VALUE));
        if (count < least) {
            return Optional.empty();
        }
        ArrayNode made = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            JsonNode described = item(first, rest, i);
            boolean both = i < wantedOfThem + first.size() && !needed.isMissingNode();
            Optional<JsonNode> item =
                    schemas.make(
                            both ? SchemaMerge.allOf(described, needed) : described,
                            place.item(place.variant() + i));
            if (item.isEmpty() && both && i < first.size()) {
                item = schemas.make(described, place.item(place.variant() + i));
            }
            if (item.isEmpty()) {
                return i >= least ? Optional.of(made) : Optional.empty();
            }
            made.add(item.get());
        }
        return Optional.of(made);
    }

    private static JsonNode item(JsonNode first, JsonNode rest, int index) {
        JsonNode schema = index < first.size() ? first.path(index) : rest;
        return schema.isMissingNode() ? BooleanNode.TRUE : schema;
    }
}
