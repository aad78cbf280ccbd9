// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which of the tools offered the simulator calls, and with what. Only functions can be called.
///
/// @param arguments an instance of the function's `parameters`
record ToolChoice(String function, JsonNode arguments) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

    /// @return nothing where no tool is to be called
    static Optional<ToolChoice> read(JsonNode body) {
        JsonNode tools = body.path("tools");
        JsonNode choice = body.path("tool_choice");
        if (choice.path("type").asText().equals("allowed_tools")) {
            return allowed(tools, choice.path("allowed_tools"));
        }
        if (choice.isObject()) {
            return Optional.of(call(tools, named(tools, choice)));
        }
        int first = first(tools, "");
        return switch (choice.asText("auto")) {
            case "none" -> Optional.empty();
            case "auto", "null" -> first < 0 ? Optional.empty() : Optional.of(call(tools, first));
            case "required" -> {
                if (first < 0) {
                    throw wrongChoice("'required' needs a function in 'tools'.");
                }
                yield Optional.of(call(tools, first));
            }
            default ->
                    throw wrongChoice(
                            "'tool_choice' must be 'none', 'auto', 'required' or name a function.");
        };
    }

    /// As `auto` or `required`, of some of the tools.
    private static Optional<ToolChoice> allowed(JsonNode tools, JsonNode allowed) {
        String mode = allowed.path("mode").asText();
        if (!List.of("auto", "required").contains(mode) || allowed.path("tools").isEmpty()) {
            throw wrongChoice(
                    "'allowed_tools' must have a 'mode', 'auto' or 'required', and 'tools'.");
        }
        return Optional.of(call(tools, named(tools, allowed.path("tools").path(0))));
    }

    private static int named(JsonNode tools, JsonNode choice) {
        JsonNode name = choice.at("/function/name");
        if (!choice.path("type").asText().equals("function") || !name.isTextual()) {
            throw wrongChoice(
                    "'tool_choice' must name a function; the simulator calls nothing else.");
        }
        int index = name.textValue().isEmpty() ? -1 : first(tools, name.textValue());
        if (index < 0) {
            throw wrongChoice("'tools' has no function '" + Quote.of(name.textValue()) + "'.");
        }
        return index;
    }

    /// @param name of the function; any where it is empty
    private static int first(JsonNode tools, String name) {
        for (int i = 0; i < tools.size(); i++) {
            JsonNode tool = tools.get(i);
            boolean function = tool.path("type").asText().equals("function");
            if (function && (name.isEmpty() || tool.at("/function/name").asText().equals(name))) {
                return i;
            }
        }
        return -1;
    }

    private static ToolChoice call(JsonNode tools, int index) {
        String path = "tools[" + index + "].function";
        JsonNode function = tools.get(index).path("function");
        String name = function.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            throw Refusal.invalidValue(
                    path + ".name", "A function's name has 1 to 128 letters, digits, '_' and '-'.");
        }
        JsonNode parameters = function.path("parameters");
        boolean none = parameters.isMissingNode() || parameters.isNull();
        JsonNode schema = none ? JsonNodeFactory.instance.objectNode() : parameters;
        return new ToolChoice(name, SchemaInstance.of(schema, path + ".parameters"));
    }

    private static Refusal wrongChoice(String message) {
        return Refusal.invalidValue("tool_choice", message);
    }
}
