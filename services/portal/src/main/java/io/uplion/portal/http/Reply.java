// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/// What is answered.
///
/// @param headers beside those that every answer has
public record Reply(int status, Map<String, String> headers, Body body) {
    private static final String TYPE = "content-type";

    /// What stands below the headers.
    public sealed interface Body {
        record Nothing() implements Body {}

        record Json(JsonObject json) implements Body {}

        /// It is made while it is sent.
        record Streamed(Writer writer) implements Body {}
    }

    /// Makes an answer piece by piece.
    @FunctionalInterface
    public interface Writer {
        /// May block: it has a virtual thread.
        void write(Sink sink);
    }

    public Reply {
        headers = Map.copyOf(headers);
    }

    public static Reply ok(JsonObject body) {
        return json(200, body);
    }

    public static Reply created(JsonObject body) {
        return json(201, body);
    }

    static Reply json(int status, JsonObject body) {
        return new Reply(status, Map.of(TYPE, "application/json"), new Body.Json(body));
    }

    public static Reply noContent() {
        return new Reply(204, Map.of(), new Body.Nothing());
    }

    public static Reply streamed(String contentType, Writer writer) {
        return new Reply(200, Map.of(TYPE, contentType), new Body.Streamed(writer));
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }
}
