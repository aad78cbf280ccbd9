// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A password, key or token. It prints `[REDACTED]`, so that a record that holds one can be logged.
///
/// Not a record: what turns records into text by their components (JSON, string templates) would
/// print the value.
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /// The value itself. Whoever calls this answers for where it goes.
    public String reveal() {
        return value;
    }

    /// Compares in constant time, so that an attacker cannot guess a secret byte by byte.
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
