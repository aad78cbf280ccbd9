// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Calls from browsers. Keys travel in a header the page itself sets and cookies are never allowed,
/// so any origin may call unless the operator names some.
final class Cors {
    private static final String EXPOSED =
            "x-request-id, retry-after, retry-after-ms, x-should-retry,"
                    + " idempotency-replayed, x-uplion-first-request-id,"
                    + " x-ratelimit-limit-requests, x-ratelimit-remaining-requests,"
                    + " x-ratelimit-reset-requests, x-ratelimit-limit-tokens,"
                    + " x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens";

    private final List<String> origins;
    private final boolean everyone;

    Cors(List<String> origins) {
        this.origins = List.copyOf(origins);
        this.everyone = origins.contains("*");
    }

    /// Marks an answer to a browser; does nothing for other callers.
    void mark(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && mayCall(origin)) {
            marks(origin, request.response()::putHeader);
        }
    }

    /// The same for an answer that is written below HTTP, as lines of its head.
    ///
    /// @param origin null where the request was not read so far: whoever sent it may be a browser
    String lines(@Nullable String origin) {
        StringBuilder lines = new StringBuilder();
        if (origin == null ? everyone : mayCall(origin)) {
            marks(
                    String.valueOf(origin),
                    (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
        }
        return lines.toString();
    }

    /// Only what the operator has named is ever repeated.
    private boolean mayCall(String origin) {
        return everyone || origins.contains(origin);
    }

    private void marks(String origin, BiConsumer<CharSequence, CharSequence> headers) {
        headers.accept(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, everyone ? "*" : origin);
        headers.accept(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if (!everyone) {
            headers.accept(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
    }

    /// Answers the browser's question before the call. It names the headers it will send; SDKs send
    /// a dozen of their own.
    void preflight(HttpServerRequest request) {
        HttpServerResponse response = request.response().setStatusCode(204);
        String headers = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (headers != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400");
        response.end();
    }
}
