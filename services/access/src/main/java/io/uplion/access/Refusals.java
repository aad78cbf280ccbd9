// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;

/// Refusals in words for the client.
public final class Refusals {
    private Refusals() {}

    public static OpenAiError of(Decision.Denied denied) {
        return switch (denied.reason()) {
            case MISSING_KEY ->
                    ErrorCode.MISSING_API_KEY.error(
                            "No API key was given. Send it as: Authorization: Bearer KEY.");
            case MALFORMED_KEY, UNKNOWN_KEY ->
                    ErrorCode.INVALID_API_KEY.error("The API key is not valid.");
            case REVOKED -> ErrorCode.INVALID_API_KEY.error("The API key was revoked.");
            case EXPIRED -> ErrorCode.INVALID_API_KEY.error("The API key has expired.");
            case ROLLED -> ErrorCode.INVALID_API_KEY.error("The API key was replaced by another.");
            case DISABLED -> ErrorCode.INVALID_API_KEY.error("The API key is switched off.");
            case ADDRESS ->
                    ErrorCode.ADDRESS_NOT_ALLOWED.error(
                            "The API key may not be used from this address.");
            case SCOPE ->
                    ErrorCode.KEY_SCOPE.error(
                            "The API key is not made for this:"
                                    + " a management key cannot run inference.");
            case NO_SESSION ->
                    ErrorCode.INVALID_API_KEY.error("The session is over; sign in again.");
        };
    }

    public static OpenAiError unavailable() {
        return ErrorCode.ACCESS_UNAVAILABLE.error(
                "Your key cannot be checked now; try again shortly.");
    }
}
