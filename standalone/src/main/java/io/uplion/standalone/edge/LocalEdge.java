// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.Access;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.gateway.edge.Edge;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;

/// Asks `access` in the same process.
public final class LocalEdge {
    private LocalEdge() {}

    public static Edge of(Access access) {
        return asked ->
                access.decide(Credentials.of(asked.authorization(), asked.apiKey()))
                        .thenApply(LocalEdge::translated);
    }

    static Edge.Decision translated(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(Principal principal) -> new Edge.Admitted(principal);
            case Decision.Denied(Decision.Reason reason) -> new Edge.Refused(words(reason));
            case Decision.Unavailable() ->
                    new Edge.Refused(
                            ErrorCode.ACCESS_UNAVAILABLE.error(
                                    "Your key cannot be checked now; try again shortly."));
        };
    }

    private static OpenAiError words(Decision.Reason reason) {
        return switch (reason) {
            case MISSING_KEY ->
                    ErrorCode.MISSING_API_KEY.error(
                            "No API key was given. Send it as: Authorization: Bearer KEY.");
            case MALFORMED_KEY, UNKNOWN_KEY ->
                    ErrorCode.INVALID_API_KEY.error("The API key is not valid.");
            case REVOKED -> ErrorCode.INVALID_API_KEY.error("The API key was revoked.");
            case EXPIRED -> ErrorCode.INVALID_API_KEY.error("The API key has expired.");
            case DISABLED -> ErrorCode.INVALID_API_KEY.error("The API key is switched off.");
        };
    }
}
