// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.openai.TokenEstimate;
import io.uplion.openai.TokenUsage;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import java.util.List;
import java.util.OptionalLong;

/// What is paid for was produced: of a whole answer exactly that, of one that its client left no
/// less than it saw and no more than its provider made.
final class RecordedTokens {
    private RecordedTokens() {}

    static void check(
            Observation one, UsageRecord record, Work work, Rules rules, Findings findings) {
        if (one.is(End.Kind.COMPLETED)) {
            whole(one, record, rules, findings);
        } else if (record.outcome() == Outcome.CANCELLED) {
            part(one, record.tokens().output(), work, findings);
        } else if (one.is(End.Kind.CANCELLED_BY_CLIENT)
                && record.outcome() == Outcome.COMPLETED
                && record.source() == Source.REPORTED) {
            finished(one, record.tokens().output(), work, findings);
        }
    }

    private static void whole(Observation one, UsageRecord record, Rules rules, Findings findings) {
        if (record.source() != Source.REPORTED) {
            return;
        }
        TokenUsage recorded = record.tokens();
        if (rules.numbered()) {
            int produced = NumberedText.read(one.heard().text()).tokens();
            TokenUsage seen = TokenUsage.of(one.sent().promptWords(), produced);
            compare(one, "the client saw ", seen, recorded, findings);
        }
        one.heard()
                .usage()
                .ifPresent(told -> compare(one, "the client was told ", told, recorded, findings));
    }

    private static void compare(
            Observation one,
            String words,
            TokenUsage seen,
            TokenUsage recorded,
            Findings findings) {
        if (seen.input() != recorded.input() || seen.output() != recorded.output()) {
            wrong(
                    one,
                    "%s%d + %d".formatted(words, seen.input(), seen.output()),
                    "%d + %d".formatted(recorded.input(), recorded.output()),
                    findings);
        }
    }

    private static void part(Observation one, long recorded, Work work, Findings findings) {
        List<Frame> seen = tokens(one);
        if (recorded < seen.size()) {
            String words = "the client left after " + seen.size();
            wrong(one, words, Long.toString(recorded), findings);
        }
        OptionalLong made = work.produced();
        if (made.isPresent() && recorded > most(made.getAsLong(), seen)) {
            String words = "the provider made " + made.getAsLong();
            wrong(one, words, Long.toString(recorded), findings);
        }
    }

    private static void finished(Observation one, long recorded, Work work, Findings findings) {
        OptionalLong made = work.produced();
        if (made.isPresent() && recorded != made.getAsLong()) {
            String words = "the provider made " + made.getAsLong();
            wrong(one, words, Long.toString(recorded), findings);
        }
    }

    private static List<Frame> tokens(Observation one) {
        return one.heard().frames().stream()
                .filter(frame -> frame.kind() == Frame.Kind.TOKEN)
                .toList();
    }

    /// A token may count for several where it is estimated from its text. Those that the client did
    /// not see are at most a digit longer; of an answer of which it saw none they may have any
    /// length.
    private static long most(long made, List<Frame> seen) {
        OptionalLong widest = seen.stream().mapToLong(one -> TokenEstimate.of(one.text())).max();
        if (made > 0 && widest.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return made * (widest.orElse(0) + 1);
    }

    private static void wrong(Observation one, String seen, String recorded, Findings findings) {
        findings.violation(
                Kind.USAGE_TOKENS_WRONG,
                one,
                "%s tokens, the record says %s".formatted(seen, recorded));
    }
}
