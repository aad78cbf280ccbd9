// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.provider.Ending;
import java.util.Optional;

/// One request as the provider saw it.
///
/// @param serial the number that its answer carries
/// @param marker of the client's request; empty where there was none
/// @param beganNanos by `System.nanoTime()` of this process
/// @param outcome empty while it is being answered
public record ProviderCall(long serial, String marker, long beganNanos, Optional<Outcome> outcome) {

    public record Outcome(Ending ending, int tokens, long endedNanos) {}
}
