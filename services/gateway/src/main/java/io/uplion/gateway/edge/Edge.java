// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.edge;

import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Decides who asks, before anything else of a request is looked at.
@FunctionalInterface
public interface Edge {
    /// Must not block. Unknown is never "yes": a store that cannot be asked is a refusal with 503.
    CompletionStage<Decision> decide(Credentials credentials);

    /// Whether it can find out about somebody new now. Asked for each health check, so it must be
    /// known already.
    default boolean isReady() {
        return true;
    }

    /// @param authorization the header as it came
    /// @param apiKey the header `x-api-key` as it came
    /// @param identity what stands in front of the gateway has found out already; believed only
    ///   where something stands there
    /// @param peer the address that is connected
    /// @param forwarded the header `x-forwarded-for` as it came
    /// @param browser what came with cookies
    record Credentials(
            @Nullable String authorization,
            @Nullable String apiKey,
            @Nullable String identity,
            @Nullable String peer,
            @Nullable String forwarded,
            Browser browser) {

        /// Of a client that may be anywhere.
        public Credentials(
                @Nullable String authorization,
                @Nullable String apiKey,
                @Nullable String identity) {
            this(authorization, apiKey, identity, null, null, Browser.NONE);
        }
    }

    /// What a browser sends along with its cookies, by which is seen who made it do so.
    ///
    /// @param cookies the header as it came
    /// @param site the header `sec-fetch-site` as it came
    /// @param origin the header as it came
    /// @param host to whom the request is addressed, with the port where there is one
    record Browser(
            @Nullable String cookies,
            @Nullable String site,
            @Nullable String origin,
            @Nullable String host) {
        public static final Browser NONE = new Browser(null, null, null, null);
    }

    sealed interface Decision {}

    /// @param headers for the client, with whatever answer it gets
    record Admitted(Principal principal, Map<String, String> headers) implements Decision {
        public Admitted {
            headers = Map.copyOf(headers);
        }

        public Admitted(Principal principal) {
            this(principal, Map.of());
        }
    }

    /// @param headers for the client
    record Refused(OpenAiError error, Map<String, String> headers) implements Decision {
        public Refused {
            headers = Map.copyOf(headers);
        }

        public Refused(OpenAiError error) {
            this(error, Map.of());
        }
    }
}
