// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

/// A comment in a stream of server-sent events.
///
/// @param text without the colon and the blank after it
/// @param atNanos `System.nanoTime()` when its last byte was read
public record SseComment(String text, long atNanos) {}
