// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// The error bodies of a provider, by status.
final class Refusals {
    private Refusals() {}

    /// @param code instead of the status's usual one; empty: the usual one
    static String body(int status, String code, String model) {
        Usual usual = usual(status, model);
        String shown = code.isEmpty() ? usual.code : code;
        return switch (code) {
            case "insufficient_quota" ->
                    JsonText.error(
                            "You exceeded your current quota, please check your plan and billing"
                                    + " details.",
                            "insufficient_quota",
                            "",
                            code);
            case "content_policy_violation" ->
                    JsonText.error(
                            "Your request was rejected as a result of our safety system.",
                            "invalid_request_error",
                            "",
                            code);
            default -> JsonText.error(usual.message, usual.type, usual.param, shown);
        };
    }

    /// For a request that the provider itself cannot make sense of.
    static String invalidRequest(String message) {
        return JsonText.error(message, "invalid_request_error", "", "");
    }

    private record Usual(String message, String type, String param, String code) {}

    private static Usual usual(int status, String model) {
        return switch (status) {
            case 401 -> invalid("Incorrect API key provided.", "invalid_api_key");
            case 402 ->
                    new Usual(
                            "Your account has no credit left.",
                            "insufficient_quota",
                            "",
                            "insufficient_quota");
            case 403 ->
                    invalid(
                            "Your project does not have access to this model.",
                            "permission_denied");
            case 404 -> invalid("The model `" + model + "` does not exist.", "model_not_found");
            case 408 -> new Usual("The request timed out.", "timeout", "", "request_timeout");
            case 409 -> invalid("The request conflicts with another one.", "conflict");
            case 413 -> invalid("The request is too large.", "request_too_large");
            case 422 -> invalid("The request was well-formed but cannot be followed.", "");
            case 429 ->
                    new Usual(
                            "Rate limit reached for requests.",
                            "requests",
                            "",
                            "rate_limit_exceeded");
            default -> status < 500 ? badRequest() : server(status);
        };
    }

    private static Usual badRequest() {
        return new Usual(
                "Unsupported value: 'temperature'.",
                "invalid_request_error",
                "temperature",
                "unsupported_value");
    }

    private static Usual server(int status) {
        String message =
                status == 503
                        ? "The engine is currently overloaded, please try again later."
                        : "The server had an error while processing your request.";
        return new Usual(message, "server_error", "", "");
    }

    private static Usual invalid(String message, String code) {
        return new Usual(message, "invalid_request_error", "", code);
    }
}
