// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.List;

/// One of the `n` answers to a request, cut into the simulator's tokens.
sealed interface Choice {
    List<String> pieces();

    Finish finish();

    /// @param echo the prompt, where the client wants it before the answer; it is not counted
    record Text(String echo, List<String> pieces, Finish finish) implements Choice {
        static Text of(Limited limited) {
            return new Text("", limited.pieces(), limited.finish());
        }

        Text behind(String prompt) {
            return new Text(prompt, pieces, finish);
        }

        @Override
        public String joined() {
            return echo + String.join("", pieces);
        }
    }

    /// @param pieces the arguments, JSON
    record ToolCall(String id, String function, List<String> pieces, Finish finish)
            implements Choice {}

    default String joined() {
        return String.join("", pieces());
    }
}
