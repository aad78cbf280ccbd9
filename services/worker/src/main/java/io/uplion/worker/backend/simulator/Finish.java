// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

/// Why a choice ends.
enum Finish {
    STOP("stop"),
    LENGTH("length"),
    TOOL_CALLS("tool_calls");

    private final String reason;

    Finish(String reason) {
        this.reason = reason;
    }

    /// The value of `finish_reason`.
    String reason() {
        return reason;
    }
}
