// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Limit;
import io.uplion.counters.reserve.Reserved;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/// A limit that was met, in words for the client.
final class LimitWords {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration OPENING = Duration.ofSeconds(2);
    private static final int NANO_DIGITS = 9;

    private LimitWords() {}

    static OpenAiError refused(Reserved.Refused refused, Ask ask) {
        OpenAiError error =
                switch (refused.limit()) {
                    case TOKENS -> ErrorCode.TOKENS_LIMITED.error(may(refused));
                    case CONCURRENCY -> ErrorCode.TASKS_LIMITED.error(may(refused));
                    case BUDGET -> broke(refused, ask);
                };
        return refused.retryAfter().map(error::retryAfter).orElse(error);
    }

    private static String may(Reserved.Refused refused) {
        return whose(refused.subject()) + " may " + what(refused.limit(), refused.most()) + ".";
    }

    /// Money that others hold may come back; money that is spent does not.
    private static OpenAiError broke(Reserved.Refused refused, Ask ask) {
        String words = budget(refused.subject(), refused.most(), ask);
        return refused.retryAfter().isPresent()
                ? ErrorCode.BUDGET_HELD.error(words + ", beside what other requests may cost.")
                : ErrorCode.BUDGET_SPENT.error(words + " beside what is spent.").asFinal();
    }

    private static String budget(String subject, long most, Ask ask) {
        return "The request may cost up to "
                + amount(ask.nanos())
                + ", prompt and output together; the budget of "
                + whose(subject).toLowerCase(Locale.ROOT)
                + " of "
                + amount(most)
                + " has no room for that";
    }

    private static String amount(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
    }

    static OpenAiError tooLarge(Reserved.TooLarge tooLarge, Ask ask) {
        return switch (tooLarge.limit()) {
            case BUDGET ->
                    ErrorCode.REQUEST_OVER_LIMIT
                            .error(budget(tooLarge.subject(), tooLarge.most(), ask) + ".")
                            .asFinal();
            case TOKENS, CONCURRENCY ->
                    ErrorCode.REQUEST_OVER_LIMIT.error(tokens(tooLarge, ask)).asFinal();
        };
    }

    private static String tokens(Reserved.TooLarge tooLarge, Ask ask) {
        return "The request may use "
                + ask.tokens()
                + " tokens, prompt and max_tokens together; "
                + whose(tooLarge.subject()).toLowerCase(Locale.ROOT)
                + " may "
                + what(tooLarge.limit(), tooLarge.most())
                + ".";
    }

    /// Nobody has told the store yet what was spent: billing does, soon.
    static OpenAiError unopened() {
        return ErrorCode.LIMITS_UNAVAILABLE
                .error("What was spent of the budget is not known yet; try again shortly.")
                .retryAfter(OPENING);
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
            case BUDGET -> "spend " + amount(most);
        };
    }
}
