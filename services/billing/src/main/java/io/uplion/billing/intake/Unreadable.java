// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

/// Something that came as usage and is none.
///
/// @param bytes as they came
public record Unreadable(byte[] bytes, String why) {}
