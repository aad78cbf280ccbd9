// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/// What one schema may cost. A small schema can describe a tree of any size.
final class SchemaBudget {
    private static final int MAX_STEPS = 30_000;

    /// From here on only what is required is made.
    private static final int GENEROUS_STEPS = 5_000;

    /// A chain of references may be as long as the request; the stack is not.
    private static final int MAX_NESTED = 400;

    private long steps;
    private int nested;

    /// @return whether one may go deeper; [#leave()] comes after it in any case
    boolean enter() {
        return ++nested <= MAX_NESTED;
    }

    void leave() {
        nested--;
    }

    /// @return whether there is still something left
    boolean spend(long more) {
        steps += more;
        return steps <= MAX_STEPS;
    }

    boolean isTight() {
        return steps > GENEROUS_STEPS;
    }

    /// What it costs to look at a schema: its keywords and what they hold, one level deep.
    boolean spendOn(JsonNode schema) {
        long width = 1L + schema.size();
        for (JsonNode value : schema) {
            width += value.size();
        }
        return spend(width);
    }
}
