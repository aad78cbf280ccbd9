// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/// JSON by hand: the fake's answers are a few fixed shapes, and it makes many of them.
final class JsonText {
    private JsonText() {}

    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"').toString();
    }

    /// The error object with the four members every client expects.
    static String error(String message, String type, String param, String code) {
        return "{\"error\":{\"message\":"
                + quoted(message)
                + ",\"type\":"
                + quoted(type)
                + ",\"param\":"
                + quotedOrNull(param)
                + ",\"code\":"
                + quotedOrNull(code)
                + "}}";
    }

    private static String quotedOrNull(String text) {
        return text.isEmpty() ? "null" : quoted(text);
    }
}
