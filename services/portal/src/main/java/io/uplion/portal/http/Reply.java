// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/// What is answered.
///
/// @param headers beside those that every answer has
public record Reply(int status, Map<String, String> headers, JsonObject body) {
    private static final JsonObject NONE = new JsonObject();

    public Reply {
        headers = Map.copyOf(headers);
    }

    public static Reply ok(JsonObject body) {
        return new Reply(200, Map.of(), body);
    }

    public static Reply created(JsonObject body) {
        return new Reply(201, Map.of(), body);
    }

    public static Reply noContent() {
        return new Reply(204, Map.of(), NONE);
    }

    public Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }

    /// With the version of what it shows, which whoever changes it sends back as `If-Match`.
    public Reply withVersion() {
        return with("etag", Versions.of(body));
    }
}
