// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.List;

/// One of the `n` answers to a request, cut into the simulator's tokens.
sealed interface Choice {
    List<String> pieces();

    Finish finish();

    record Text(List<String> pieces, Finish finish) implements Choice {
        static Text of(Limited limited) {
            return new Text(limited.pieces(), limited.finish());
        }
    }

    /// @param pieces the arguments, JSON
    record ToolCall(String id, String function, List<String> pieces, Finish finish)
            implements Choice {}

    default String joined() {
        return String.join("", pieces());
    }
}
