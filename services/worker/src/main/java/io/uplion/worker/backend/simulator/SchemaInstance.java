// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Makes a JSON value that a JSON Schema allows. What combines schemas is resolved here, one
/// keyword at a time, until a plain schema is left for [PlainSchema]. What only constrains, `not`
/// for example, is met by trying: [SchemaCheck] looks at what was made.
final class SchemaInstance {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final SchemaRefs refs;
    private final SchemaBudget budget = new SchemaBudget();
    private final SchemaCheck check;
    private final PlainSchema plain;
    private String unmet = "";

    private SchemaInstance(SchemaRefs refs) {
        this.refs = refs;
        Patterns patterns = new Patterns(refs.param());
        this.check = new SchemaCheck(refs, patterns);
        this.plain = new PlainSchema(this, budget, patterns);
    }

    /// @param param where the schema stands in the request, for errors
    static JsonNode of(JsonNode schema, String param) {
        SchemaInstance instance = new SchemaInstance(new SchemaRefs(schema, param));
        return instance.make(schema, SchemaPlace.ROOT)
                .filter(made -> instance.isMet(schema, made))
                .orElseThrow(instance::nothingFound);
    }

    private Refusal nothingFound() {
        String why = unmet.isEmpty() ? "" : " It cannot meet '" + Quote.of(unmet) + "'.";
        return Refusal.invalidValue(
                refs.param(), "The simulator found no small value that this schema allows." + why);
    }

    private boolean isMet(JsonNode schema, JsonNode made) {
        String broken = check.broken(schema, made);
        unmet = broken == null ? unmet : broken;
        return broken == null;
    }

    /// Something that was asked for could not be made.
    void unmet(String keyword) {
        unmet = keyword;
    }

    boolean allows(JsonNode schema, JsonNode value) {
        return check.allows(schema, value);
    }

    /// @return nothing where the schema allows nothing, or nothing within the bounds
    Optional<JsonNode> make(JsonNode schema, SchemaPlace place) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? make(NODES.objectNode(), place) : Optional.empty();
        }
        if (!schema.isObject()) {
            throw Refusal.invalidValue(
                    refs.param(), "A schema must be an object or a boolean, everywhere.");
        }
        try {
            boolean within = budget.enter() && budget.spendOn(schema) && !place.isTooFar();
            return within ? resolve((ObjectNode) schema, place) : Optional.empty();
        } finally {
            budget.leave();
        }
    }

    private Optional<JsonNode> resolve(ObjectNode known, SchemaPlace place) {
        if (known.has("$ref")) {
            return reference(known, place);
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (known.path(choice).isArray() && !known.path(choice).isEmpty()) {
                return alternative(known, choice, place);
            }
        }
        if (known.has("if")) {
            return make(condition(known), place);
        }
        return known.path("allOf").isEmpty() ? tried(known, place) : all(known, place);
    }

    private Optional<JsonNode> tried(ObjectNode schema, SchemaPlace place) {
        if (!SchemaTries.areNeeded(schema)) {
            return plain.make(schema, place);
        }
        for (SchemaTries.Try one : SchemaTries.of(schema, place)) {
            Optional<JsonNode> made =
                    budget.spendOn(schema)
                            ? plain.make(one.schema(), one.place())
                            : Optional.empty();
            if (made.isPresent() && isMet(schema, made.get())) {
                return made;
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> reference(ObjectNode schema, SchemaPlace place) {
        JsonNode target = refs.follow(schema.get("$ref"));
        return with(without(schema, "$ref"), target, place.via(schema.get("$ref").asText()));
    }

    private Optional<JsonNode> alternative(ObjectNode schema, String keyword, SchemaPlace place) {
        ObjectNode rest = without(schema, keyword);
        for (JsonNode alternative : ordered(schema.get(keyword), place)) {
            Optional<JsonNode> made = with(rest, alternative, place);
            if (made.isPresent() && (!keyword.equals("oneOf") || isOnlyOne(schema, made.get()))) {
                return made;
            }
        }
        return Optional.empty();
    }

    private boolean isOnlyOne(JsonNode schema, JsonNode made) {
        return isMet(NODES.objectNode().set("oneOf", schema.get("oneOf")), made);
    }

    /// What satisfies `if` and `then` satisfies the whole.
    private static ObjectNode condition(ObjectNode schema) {
        ArrayNode all = NODES.arrayNode();
        schema.path("allOf").forEach(all::add);
        all.add(schema.get("if"));
        if (schema.has("then")) {
            all.add(schema.get("then"));
        }
        ObjectNode rest = without(schema, "if");
        rest.remove(List.of("then", "else"));
        rest.set("allOf", all);
        return rest;
    }

    private Optional<JsonNode> all(ObjectNode schema, SchemaPlace place) {
        ArrayNode others = NODES.arrayNode();
        schema.get("allOf").forEach(others::add);
        JsonNode first = others.remove(0);
        ObjectNode rest = without(schema, "allOf");
        if (!others.isEmpty()) {
            rest.set("allOf", others);
        }
        return with(rest, first, place);
    }

    private Optional<JsonNode> with(ObjectNode rest, JsonNode schema, SchemaPlace place) {
        if (rest.isEmpty() || !schema.isObject()) {
            boolean never = schema.isBoolean() && !schema.booleanValue();
            return make(rest.isEmpty() || never ? schema : rest, place);
        }
        return budget.spendOn(schema)
                ? make(SchemaMerge.both(rest, schema), place)
                : Optional.empty();
    }

    /// In the order given; where it has to be brief, what leads nowhere first.
    private List<JsonNode> ordered(JsonNode alternatives, SchemaPlace place) {
        List<JsonNode> ordered = new ArrayList<>();
        alternatives.forEach(ordered::add);
        if (place.isBrief() || budget.isTight()) {
            ordered.sort(Comparator.comparingInt(this::weight));
        }
        return ordered;
    }

    private int weight(JsonNode schema) {
        if (schema.has("$ref")) {
            JsonNode target = refs.follow(schema.get("$ref"));
            return target.has("$ref") ? 2 : weight(target);
        }
        if (schema.has("const") || schema.has("enum")) {
            return 0;
        }
        return switch (schema.path("type").asText()) {
            case "null", "boolean", "string", "number", "integer" -> 0;
            default -> schema.path("required").isEmpty() && schema.has("type") ? 1 : 2;
        };
    }

    private static ObjectNode without(ObjectNode schema, String keyword) {
        ObjectNode rest = NODES.objectNode();
        rest.setAll(schema);
        rest.remove(keyword);
        return rest;
    }
}
