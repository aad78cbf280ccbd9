// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

/// A value in a cache that processes share. It never replaces a newer one.
///
/// @param rank of two values by one name the one with the greater rank is the newer
/// @param asOfMillis of two with the same rank the one with the greater time is
public record Kept(String name, long rank, long asOfMillis, String text) {}
