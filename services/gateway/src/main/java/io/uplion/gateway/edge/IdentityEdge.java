// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.edge;

import io.uplion.openai.ErrorCode;
import io.uplion.platform.identity.IdentityToken;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Behind Envoy, which has asked `access` and brings its signed word. A request without it has come
/// past Envoy.
public final class IdentityEdge implements Edge {
    private final IdentityToken identities;

    public IdentityEdge(IdentityToken identities) {
        this.identities = identities;
    }

    @Override
    public CompletionStage<Decision> decide(Credentials credentials) {
        return CompletableFuture.completedStage(
                Optional.ofNullable(credentials.identity())
                        .flatMap(identities::verify)
                        .<Decision>map(Admitted::new)
                        .orElseGet(
                                () ->
                                        new Refused(
                                                ErrorCode.INVALID_API_KEY.error(
                                                        "The request was not let in."))));
    }
}
