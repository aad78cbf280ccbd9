// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import static org.junit.jupiter.params.provider.Arguments.of;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Books that do not say what the records do. A token costs 10, three of the record's five are paid
/// for: its bound is 30.
final class BadBooks {
    private static final TokenUsage TOKENS = TokenUsage.of(2, 3);

    private BadBooks() {}

    static UsageRecord priced(Outcome outcome) {
        var claim =
                new Claim(
                        Made.TASK,
                        1,
                        Made.TASK,
                        Made.TASK,
                        Optional.empty(),
                        "fake",
                        Endpoint.CHAT,
                        "pool",
                        new Price(10, 10, 10),
                        OptionalLong.of(30),
                        "");
        var timing = new Timing(Duration.ZERO, Duration.ZERO);
        return new UsageRecord(claim, outcome, Source.REPORTED, TOKENS, 200, Instant.EPOCH, timing);
    }

    static LedgerRow row(Outcome outcome, long nanos, long absorbed) {
        return new LedgerRow(Made.TASK, 1, outcome, TOKENS, nanos, absorbed);
    }

    static Books books(LedgerRow... rows) {
        return new Books(List.of(rows), Set.of(), List.of(), List.of());
    }

    static Books givenUp(LedgerRow row) {
        return new Books(List.of(row), Set.of(Made.TASK), List.of(), List.of());
    }

    private static Evidence with(Books books) {
        return Made.answer().evidence().usage(List.of(priced(Outcome.COMPLETED))).books(books);
    }

    private static Evidence brokenWith(LedgerRow row) {
        var seen = Made.cutAfter(3).frame(Frame.Kind.ERROR, "upstream_error");
        return seen.ends(End.Kind.ERROR_EVENT, BodyEnd.RESET)
                .error(200, "upstream_error")
                .evidence()
                .usage(List.of(priced(Outcome.BROKEN)))
                .books(books(row));
    }

    static Stream<Arguments> all() {
        var good = row(Outcome.COMPLETED, 30, 20);
        var other = new LedgerRow(new UUID(7, 7), 1, Outcome.COMPLETED, TOKENS, 30, 20);
        return Stream.of(
                of(Kind.LEDGER_MISSING, "is not billed", with(books())),
                of(
                        Kind.LEDGER_MISSING,
                        "a whole answer, not billed",
                        Made.answer().evidence().books(books())),
                of(Kind.LEDGER_DOUBLED, "2 rows", with(books(good, good))),
                of(
                        Kind.LEDGER_CONTRADICTS,
                        "of attempt 1, the ledger",
                        with(
                                books(
                                        new LedgerRow(
                                                Made.TASK, 2, Outcome.COMPLETED, TOKENS, 30, 20)))),
                of(Kind.LEDGER_OF_NOBODY, "never recorded", with(books(good, other))),
                of(
                        Kind.CHARGE_WRONG,
                        "30 is due and 20 more to absorb, the ledger says 50 and 0",
                        with(books(row(Outcome.COMPLETED, 50, 0)))),
                of(Kind.CHARGE_WRONG, "30 is due", with(books(row(Outcome.COMPLETED, 0, 50)))),
                of(Kind.CHARGE_WRONG, "0 is due", with(givenUp(good))),
                of(Kind.CHARGE_WRONG, "0 is due", brokenWith(row(Outcome.BROKEN, 30, 0))),
                of(
                        Kind.MONEY_HELD,
                        "5 nanos",
                        with(new Books(List.of(good), Set.of(), List.of("5 nanos"), List.of()))),
                of(
                        Kind.BOOKS_DIFFER,
                        "two sums",
                        with(new Books(List.of(good), Set.of(), List.of(), List.of("two sums")))));
    }
}
