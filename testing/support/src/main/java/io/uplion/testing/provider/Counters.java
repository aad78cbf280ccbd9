// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// Sums since the start, or since the last `forget()`.
///
/// @param received requests whose head arrived
/// @param tokens tokens written in answers that have ended, however they ended
public record Counters(
        long received, long completed, long clientGone, long failedOnPurpose, long tokens) {}
