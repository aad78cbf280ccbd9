// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where a pool's answers come from: a provider across the network, or an engine beside the worker.
public sealed interface Serving {

    /// @param baseUrl what the endpoint paths are appended to, for example
    ///   `https://api.openai.com/v1`
    /// @param upstreamModel the provider's own name of the model
    record Remote(
            Provider provider, URI baseUrl, String upstreamModel, Optional<SecretSource> apiKey)
            implements Serving {}

    /// The engine that needs no weights, and says so.
    ///
    /// @param ttft silence before the first token
    /// @param interToken time between tokens
    /// @param tokens length of an answer for which the client names no maximum
    record Simulator(Duration ttft, Duration interToken, int tokens) implements Serving {
        public static final Simulator DEFAULT =
                new Simulator(Duration.ofMillis(200), Duration.ofMillis(20), 64);
    }

    enum Provider {
        OPENAI("openai");

        private final String id;

        Provider(String id) {
            this.id = id;
        }

        public String id() {
            return id;
        }
    }
}
