// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Follows `$ref` inside one schema document.
///
/// @param param where the document stands in the request, for errors
record SchemaRefs(JsonNode document, String param) {

    JsonNode follow(JsonNode ref) {
        String pointer = ref.asText();
        JsonNode target =
                pointer.startsWith("#") ? at(pointer.substring(1)) : MissingNode.getInstance();
        if (!target.isObject() && !target.isBoolean()) {
            throw Refusal.invalidValue(
                    param, "The schema's reference '" + Quote.of(pointer) + "' leads nowhere.");
        }
        return target;
    }

    private JsonNode at(String fragment) {
        try {
            String path =
                    fragment.contains("%")
                            ? URLDecoder.decode(
                                    fragment.replace("+", "%2B"), StandardCharsets.UTF_8)
                            : fragment;
            return document.at(JsonPointer.compile(path));
        } catch (IllegalArgumentException _) {
            return MissingNode.getInstance();
        }
    }
}
