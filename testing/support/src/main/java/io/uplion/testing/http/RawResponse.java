// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

/// A whole answer, as far as it came.
public record RawResponse(ResponseHead head, String body, BodyEnd end) {
    public int status() {
        return head.status();
    }

    /// The header's value, or an empty string.
    public String header(String name) {
        return head.header(name);
    }
}
