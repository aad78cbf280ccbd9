// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

/// Tokens of one answer. Cached input is part of input, reasoning is part of output.
public record TokenUsage(long input, long cachedInput, long output, long reasoning) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0);

    public TokenUsage {
        if (input < 0 || cachedInput < 0 || output < 0 || reasoning < 0) {
            throw new IllegalArgumentException("a token count below zero");
        }
    }

    public static TokenUsage of(long input, long output) {
        return new TokenUsage(input, 0, output, 0);
    }
}
