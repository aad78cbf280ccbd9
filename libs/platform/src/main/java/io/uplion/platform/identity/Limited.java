// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

/// Limits, and who they are counted for.
///
/// @param subject a key that was rolled is counted as the one it was rolled from: a new secret
///   brings no new budget
public record Limited(Subject subject, Limits limits) {}
