// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

/// One server-sent event.
///
/// @param name of the `event:` field; `message` where there is none
/// @param atNanos `System.nanoTime()` when its last byte was read
public record SseEvent(String name, String data, long atNanos) {}
