// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every error the API answers, once. `docs/reference/errors.md` lists them; a test compares the
/// two.
public enum ErrorCode {
    INVALID_BODY(400, Type.INVALID_REQUEST, "invalid_body"),
    MISSING_PARAMETER(400, Type.INVALID_REQUEST, "missing_required_parameter"),
    INVALID_TYPE(400, Type.INVALID_REQUEST, "invalid_type"),
    INVALID_VALUE(400, Type.INVALID_REQUEST, "invalid_value"),
    DUPLICATE_PARAMETER(400, Type.INVALID_REQUEST, "duplicate_parameter"),
    ENDPOINT_NOT_SUPPORTED(400, Type.INVALID_REQUEST, "endpoint_not_supported"),
    MALFORMED_HTTP(400, Type.INVALID_REQUEST, "malformed_http"),
    MISSING_API_KEY(401, Type.INVALID_REQUEST, "missing_api_key"),
    INVALID_API_KEY(401, Type.INVALID_REQUEST, "invalid_api_key"),
    MODEL_NOT_ALLOWED(403, Type.PERMISSION, "model_not_allowed"),
    KEY_SCOPE(403, Type.PERMISSION, "key_scope"),
    ADDRESS_NOT_ALLOWED(403, Type.PERMISSION, "address_not_allowed"),
    MODEL_NOT_FOUND(404, Type.INVALID_REQUEST, "model_not_found"),
    UNKNOWN_URL(404, Type.INVALID_REQUEST, "unknown_url"),
    METHOD_NOT_ALLOWED(405, Type.INVALID_REQUEST, "method_not_allowed"),
    REQUEST_TIMEOUT(408, Type.INVALID_REQUEST, "request_timeout"),
    IDEMPOTENCY_NOT_KEPT(409, Type.INVALID_REQUEST, "idempotency_answer_not_kept"),
    BODY_TOO_LARGE(413, Type.INVALID_REQUEST, "body_too_large"),
    URI_TOO_LONG(414, Type.INVALID_REQUEST, "uri_too_long"),
    UNSUPPORTED_ENCODING(415, Type.INVALID_REQUEST, "unsupported_content_encoding"),
    IDEMPOTENCY_REUSED(422, Type.INVALID_REQUEST, "idempotency_key_reused"),
    REQUESTS_LIMITED(429, Type.REQUESTS, "requests_limit_exceeded"),
    TOKENS_LIMITED(429, Type.TOKENS, "tokens_limit_exceeded"),
    TASKS_LIMITED(429, Type.REQUESTS, "concurrency_limit_exceeded"),
    REQUEST_OVER_LIMIT(429, Type.TOKENS, "request_exceeds_limit"),
    BUDGET_SPENT(429, Type.QUOTA, "insufficient_quota"),
    BUDGET_HELD(429, Type.REQUESTS, "budget_held"),
    PROVIDER_RATE_LIMITED(429, Type.REQUESTS, "rate_limit_exceeded"),
    HEADERS_TOO_LARGE(431, Type.INVALID_REQUEST, "headers_too_large"),
    INTERNAL(500, Type.SERVER, "internal_error"),
    UPSTREAM_ERROR(502, Type.SERVER, "upstream_error"),
    GATEWAY_LOST(502, Type.SERVER, "gateway_lost"),
    QUEUE_FULL(503, Type.SERVER, "queue_full"),
    QUEUE_TIMEOUT(503, Type.SERVER, "queue_timeout"),
    MODEL_UNAVAILABLE(503, Type.SERVER, "model_unavailable"),
    MODEL_REMOVED(503, Type.SERVER, "model_removed"),
    OVERLOADED(503, Type.SERVER, "overloaded"),
    SHUTTING_DOWN(503, Type.SERVER, "shutting_down"),
    GATEWAY_UNAVAILABLE(503, Type.SERVER, "gateway_unavailable"),
    LIMITS_UNAVAILABLE(503, Type.SERVER, "limits_unavailable"),
    IDEMPOTENCY_UNFINISHED(503, Type.SERVER, "idempotency_unfinished"),
    IDEMPOTENCY_UNAVAILABLE(503, Type.SERVER, "idempotency_unavailable"),
    ACCESS_UNAVAILABLE(503, Type.SERVER, "access_unavailable"),
    UPSTREAM_TIMEOUT(504, Type.SERVER, "upstream_timeout");

    private final int status;
    private final String type;
    private final String code;

    ErrorCode(int status, String type, String code) {
        this.status = status;
        this.type = type;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String code() {
        return code;
    }

    /// The constant that clients know by this code.
    public static Optional<ErrorCode> named(String code) {
        return Arrays.stream(values()).filter(known -> known.code.equals(code)).findFirst();
    }

    public OpenAiError error(String message) {
        return error(message, null);
    }

    /// @param param the request's field that was wrong, null where none was
    public OpenAiError error(String message, @Nullable String param) {
        return new OpenAiError(this, message, param, OpenAiError.NO_RETRY_AFTER, false);
    }

    private static final class Type {
        static final String INVALID_REQUEST = "invalid_request_error";
        static final String PERMISSION = "permission_error";
        static final String REQUESTS = "requests";
        static final String TOKENS = "tokens";
        static final String QUOTA = "insufficient_quota";
        static final String SERVER = "server_error";
    }
}
