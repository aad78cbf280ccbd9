// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.util.Optional;

/// The endpoints that run a model. The id is what manifests and metrics call it.
public enum Endpoint {
    CHAT("chat", "/chat/completions"),
    COMPLETIONS("completions", "/completions"),
    EMBEDDINGS("embeddings", "/embeddings");

    private final String id;
    private final String path;

    Endpoint(String id, String path) {
        this.id = id;
        this.path = path;
    }

    public String id() {
        return id;
    }

    /// The path below a base URL that ends in `/v1`, as OpenAI's SDKs count it.
    public String path() {
        return path;
    }

    /// Whether an answer of this endpoint can be streamed.
    public boolean streams() {
        return this != EMBEDDINGS;
    }

    public static Optional<Endpoint> byId(String id) {
        for (Endpoint endpoint : values()) {
            if (endpoint.id.equals(id)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }
}
