// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

/// A request as it was sent.
///
/// @param marker unique; the body's field `user`, so that the provider's record has it too
/// @param baseUrl whom it was sent to
/// @param promptWords words of the prompt
/// @param atNanos `System.nanoTime()` when the client began to connect
public record Sent(
        String marker,
        String baseUrl,
        String model,
        boolean stream,
        int promptWords,
        long atNanos) {}
