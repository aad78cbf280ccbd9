// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;

/// What is wrong with a body that is no JSON, in words for its writer: the parser's own are about
/// the parser.
final class JsonFault {
    private JsonFault() {}

    static OpenAiError of(JacksonException fault) {
        return ErrorCode.INVALID_BODY.error(
                switch (fault) {
                    case StreamConstraintsException beyond -> limit(beyond) + place(fault) + ".";
                    case JsonEOFException _ -> "The body is not valid JSON: it ends too early.";
                    default -> "The body is not valid JSON" + place(fault) + ".";
                });
    }

    private static String limit(StreamConstraintsException fault) {
        boolean deep = String.valueOf(fault.getOriginalMessage()).contains("nesting depth");
        return deep
                ? "The body is nested more than " + JsonText.MAX_DEPTH + " levels deep"
                : "The body has a name or a number that is far too long";
    }

    private static String place(JacksonException fault) {
        long offset = fault.getLocation() == null ? -1 : fault.getLocation().getByteOffset();
        return offset < 0 ? "" : " (near byte " + offset + ")";
    }
}
