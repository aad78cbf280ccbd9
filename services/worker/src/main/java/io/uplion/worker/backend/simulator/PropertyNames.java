// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Optional;

/// The names of properties that a schema does not name itself.
record PropertyNames(SchemaInstance schemas, SampleText texts) {

    /// Whether the values of any properties are described, whatever their names.
    static boolean describesAny(JsonNode schema) {
        return schema.path("additionalProperties").isObject()
                || !schema.path("patternProperties").isEmpty();
    }

    boolean isAllowed(JsonNode schema, String name) {
        JsonNode rule = schema.path("propertyNames");
        return rule.isMissingNode() || schemas.allows(rule, TextNode.valueOf(name));
    }

    Optional<String> make(JsonNode schema, SchemaPlace place) {
        JsonNode rule = schema.path("propertyNames");
        if (rule.isObject()) {
            JsonNode text = JsonNodeFactory.instance.objectNode().put("type", "string");
            return schemas.make(SchemaMerge.allOf(rule, text), place).map(JsonNode::asText);
        }
        return schema.path("patternProperties")
                .propertyStream()
                .findFirst()
                .map(one -> texts.matching(one.getKey(), place.variant()))
                .orElseGet(() -> Optional.of("key" + place.variant()));
    }

    /// What a property must be that `properties` does not name.
    JsonNode described(JsonNode schema, String name) {
        for (Map.Entry<String, JsonNode> rule : schema.path("patternProperties").properties()) {
            if (texts.matches(rule.getKey(), name)) {
                return rule.getValue();
            }
        }
        JsonNode additional = schema.path("additionalProperties");
        return additional.isMissingNode() ? BooleanNode.TRUE : additional;
    }
}
