// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.util.Locale;
import java.util.Map;

/// Status line and headers.
///
/// @param status 0: the connection ended, or the time was up, before there was a head
/// @param headers names in lower case; of several of one name the values joined by `, `
public record ResponseHead(int status, Map<String, String> headers) {
    static final ResponseHead NONE = new ResponseHead(0, Map.of());

    /// The header's value, or an empty string.
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
