// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Copies the headers that are meant for the other end. Those of one connection stay on it (RFC
/// 9110, 7.6.1).
final class EndToEndHeaders {
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");
    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";

    private EndToEndHeaders() {}

    static void copy(MultiMap from, MultiMap to) {
        Set<String> named = named(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!OF_ONE_CONNECTION.contains(name) && !named.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /// `Connection` may name further ones.
    private static Set<String> named(MultiMap headers) {
        Set<String> named = new HashSet<>();
        for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
            for (String name : value.split(",")) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }

    /// Adds the client to those the request has come from.
    static void forwarded(HttpServerRequest request, MultiMap to) {
        String client = request.remoteAddress().hostAddress();
        String before = String.join(", ", to.getAll(FOR));
        to.set(FOR, before.isEmpty() ? client : before + ", " + client);
        to.set(PROTO, request.isSSL() ? "https" : "http");
    }
}
