// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.List;

/// What the fake needs to know of a request's body.
///
/// @param user the field of that name, by which a test finds its requests again
record Asked(String model, String user, Mode mode, Prompt prompt, Vectors vectors) {

    /// @param limit most tokens the client wants per choice
    /// @param tool the first tool's name, empty where there is none
    record Mode(boolean stream, boolean includeUsage, int choices, int limit, String tool) {}

    /// @param words whitespace-separated words of all text, which is what the fake calls tokens
    /// @param lastText the last text of the user
    /// @param seeds one hash per prompt or input
    record Prompt(int words, String lastText, List<Long> seeds) {}

    /// @param dimensions 0: the client does not say
    record Vectors(boolean base64, int dimensions) {}

    /// The answers to give: `n` for each prompt.
    int choices() {
        return mode.choices() * Math.max(1, prompt.seeds().size());
    }
}
