// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// A request that is being answered.
///
/// @param user the body's field `user`; empty where there is none
/// @param atNanos `System.nanoTime()` when the request's head arrived
public record Underway(long serial, String user, long atNanos) {}
