// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

/// Whose fault a provider's status is: DESIGN §3.8 as a function.
enum ProviderStatus {
    SUCCESS,
    /// The client's error: the provider's words are the answer.
    CLIENT,
    /// The pool's trouble: its key, its account, its name for the model, its limit.
    POOL,
    /// A failed attempt: another one may do better.
    ATTEMPT;

    static ProviderStatus of(int status, String errorCode) {
        if (status == 200) {
            return SUCCESS;
        }
        return switch (status) {
            case 403 -> isContentPolicy(errorCode) ? CLIENT : POOL;
            case 401, 402, 404, 429 -> POOL;
            case 408, 409 -> ATTEMPT;
            default -> status >= 400 && status < 500 ? CLIENT : ATTEMPT;
        };
    }

    private static boolean isContentPolicy(String code) {
        return code.equals("content_policy_violation") || code.equals("content_filter");
    }

    /// The reason that the AIModel's status shows.
    static String reason(int status, String errorCode) {
        return switch (status) {
            case 401, 403 -> "AuthenticationError";
            case 402 -> "QuotaExceeded";
            case 404 -> "ConfigurationError";
            default -> errorCode.equals("insufficient_quota") ? "QuotaExceeded" : "RateLimited";
        };
    }
}
