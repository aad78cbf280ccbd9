// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The headers of a request that a dead letter keeps: what says how it was asked. A list of what is
/// kept, because a list of secrets is never complete.
final class LetterHeaders {
    private static final List<String> KEPT =
            List.of(
                    "accept",
                    "content-type",
                    "openai-beta",
                    "user-agent",
                    "x-client-request-id",
                    "x-stainless-lang",
                    "x-stainless-package-version",
                    "x-stainless-retry-count",
                    "x-uplion-progress",
                    "x-uplion-timeout");
    private static final int MAX_LENGTH = 500;

    private LetterHeaders() {}

    static Map<String, String> of(MultiMap headers) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : KEPT) {
            String value = headers.get(name);
            if (value != null) {
                kept.put(name, value.substring(0, Math.min(value.length(), MAX_LENGTH)));
            }
        }
        return kept;
    }
}
