// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Map;

/// One request that has ended.
///
/// @param serial the number in the answer's id (`chatcmpl-fake-SERIAL`), from 1
public record Served(long serial, Received received, Outcome outcome) {

    /// What came in.
    ///
    /// @param model the model as the client wrote it, script and all; empty where none was read
    /// @param user the body's field `user`; empty where there is none
    /// @param headers as they came, names in lower case; the last one wins
    /// @param body empty where it was longer than 64 KiB
    /// @param bodyBytes its length, always
    /// @param bodySha256 its SHA-256 in hexadecimal digits, always
    /// @param atNanos `System.nanoTime()` when the request's head arrived
    public record Received(
            String path,
            String model,
            String user,
            Map<String, String> headers,
            Buffer body,
            int bodyBytes,
            String bodySha256,
            long atNanos) {}

    /// What went out.
    ///
    /// @param tokens tokens written, over all choices
    /// @param atNanos `System.nanoTime()` when the answer was written or the client was seen gone
    public record Outcome(Ending ending, int tokens, long atNanos) {}

    public String model() {
        return received.model();
    }

    public String user() {
        return received.user();
    }

    public String path() {
        return received.path();
    }

    public Ending ending() {
        return outcome.ending();
    }

    public int tokens() {
        return outcome.tokens();
    }

    /// The header's value, or an empty string.
    public String header(String name) {
        return received.headers().getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
