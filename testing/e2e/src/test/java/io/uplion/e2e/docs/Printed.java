// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

/// What a program printed, and how it ended.
record Printed(String text, int exitCode) {

    /// The pieces of what the page shows must come in this order; `…` stands for anything.
    void shows(String expected) {
        assertThat(exitCode).as(text).isZero();
        var from = 0;
        for (var piece : expected.split("…|\\R")) {
            if (piece.isBlank()) {
                continue;
            }
            var at = text.indexOf(piece.strip(), from);
            assertThat(at).as("'%s' in:%n%s", piece.strip(), text).isNotNegative();
            from = at + piece.strip().length();
        }
    }
}
