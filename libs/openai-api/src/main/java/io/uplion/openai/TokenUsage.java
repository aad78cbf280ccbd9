// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

/// Tokens of one answer. Cached and audio input are parts of input, reasoning and audio output are
/// parts of output.
public record TokenUsage(
        long input,
        long cachedInput,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0);

    public TokenUsage {
        boolean negative = input < 0 || cachedInput < 0 || audioInput < 0;
        if (negative || output < 0 || reasoning < 0 || audioOutput < 0) {
            throw new IllegalArgumentException("a token count below zero");
        }
    }

    /// Text only.
    public TokenUsage(long input, long cachedInput, long output, long reasoning) {
        this(input, cachedInput, output, reasoning, 0, 0);
    }

    public static TokenUsage of(long input, long output) {
        return new TokenUsage(input, 0, output, 0);
    }
}
