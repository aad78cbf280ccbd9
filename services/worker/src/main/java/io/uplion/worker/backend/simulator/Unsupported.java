// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/// What a client asks for and the simulator does not have. Passed over in silence it would be
/// missed where it is looked for; so it is said.
final class Unsupported {
    private Unsupported() {}

    /// @throws Refusal that names the field
    static void refuse(JsonNode options) {
        JsonNode logprobs = options.path("logprobs");
        if (logprobs.isNumber() || logprobs.asBoolean()) {
            throw Refusal.invalidValue(
                    "logprobs", "The simulator has no probabilities; leave 'logprobs' out.");
        }
        if (!options.path("functions").isEmpty()) {
            throw Refusal.invalidValue(
                    "functions", "The simulator calls 'tools'; 'functions' came before them.");
        }
        JsonNode call = options.path("function_call");
        if (call.isObject() || (call.isTextual() && !call.asText().equals("none"))) {
            throw Refusal.invalidValue(
                    "function_call",
                    "The simulator calls what 'tool_choice' says; 'function_call' came before it.");
        }
    }
}
