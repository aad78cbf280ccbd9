// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

/// What a client has asked for under a key of its own.
///
/// @param name of who asks, of what, and of its key: a SHA-256 in hex, for what is kept must not
///   say the key
/// @param print of the body: a SHA-256 in hex
public record Asked(String name, String print) {}
