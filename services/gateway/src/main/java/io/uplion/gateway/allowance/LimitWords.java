// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.reserve.Limit;
import io.uplion.counters.reserve.Reserved;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.time.Duration;
import java.util.Locale;

/// A limit that was met, in words for the client.
final class LimitWords {
    private static final Duration SOON = Duration.ofSeconds(1);

    private LimitWords() {}

    static OpenAiError refused(Reserved.Refused refused) {
        ErrorCode code =
                switch (refused.limit()) {
                    case TOKENS -> ErrorCode.TOKENS_LIMITED;
                    case CONCURRENCY -> ErrorCode.TASKS_LIMITED;
                    case BUDGET -> ErrorCode.BUDGET_SPENT;
                };
        String words =
                whose(refused.subject()) + " may " + what(refused.limit(), refused.most()) + ".";
        OpenAiError error = code.error(words);
        return refused.retryAfter().map(error::retryAfter).orElse(error);
    }

    static OpenAiError tooLarge(Reserved.TooLarge tooLarge, long asked) {
        return ErrorCode.REQUEST_OVER_LIMIT
                .error(
                        "The request may use "
                                + asked
                                + " tokens, prompt and max_tokens together; "
                                + whose(tooLarge.subject()).toLowerCase(Locale.ROOT)
                                + " may "
                                + what(tooLarge.limit(), tooLarge.most())
                                + ".")
                .asFinal();
    }

    static OpenAiError unknown() {
        return ErrorCode.LIMITS_UNAVAILABLE
                .error("The limits cannot be checked now; try again shortly.")
                .retryAfter(SOON);
    }

    static OpenAiError over() {
        return ErrorCode.INTERNAL.error("A request with this id has been here before.");
    }

    /// @param subject `key:…`, `user:…` or `account:…`
    private static String whose(String subject) {
        int colon = subject.indexOf(':');
        return "This " + (colon < 0 ? subject : subject.substring(0, colon));
    }

    private static String what(Limit limit, long most) {
        return switch (limit) {
            case TOKENS -> "use " + most + " tokens a minute";
            case CONCURRENCY ->
                    most == 1 ? "run one request at a time" : "run " + most + " requests at a time";
            case BUDGET -> "spend no more: its budget is used up or held by what runs";
        };
    }
}
