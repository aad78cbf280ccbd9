// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.List;

/// Everything that is to be said to one request, before it is put on the wire.
///
/// @param choices in the order of their indexes
record Completion(List<Choice> choices, long promptTokens) {

    long outputTokens() {
        return choices.stream().mapToLong(choice -> choice.pieces().size()).sum();
    }

    /// Choices are produced side by side, so the longest decides how long it takes.
    int steps() {
        return choices.stream().mapToInt(choice -> choice.pieces().size()).max().orElse(0);
    }
}
