// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.Observation;
import io.uplion.testing.provider.Ending;
import java.util.List;
import java.util.Map;

/// The record of a request says what became of it: as its client saw it, or as its provider did
/// where the client could not see it.
final class RecordsAgreeWithEnds implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        evidence.usage()
                .ifPresent(
                        usage -> {
                            Map<String, List<UsageRecord>> byId =
                                    EveryUseIsRecorded.byRequestId(usage);
                            for (Observation one : evidence.observations()) {
                                List<UsageRecord> records = byId.get(one.heard().requestId());
                                if (records != null) {
                                    Work work = Work.of(one, evidence.providers());
                                    boolean agrees =
                                            request(one, records.getFirst(), work, rules, findings);
                                    if (agrees) {
                                        RecordedTokens.check(
                                                one, records.getFirst(), work, rules, findings);
                                    }
                                }
                            }
                        });
    }

    private static boolean request(
            Observation one, UsageRecord record, Work work, Rules rules, Findings findings) {
        return switch (one.end().kind()) {
            case COMPLETED ->
                    record.outcome() == Outcome.COMPLETED
                            || contradicts(
                                    one, "the client has the whole answer", record, findings);
            case CANCELLED_BY_CLIENT -> left(one, record, work, rules, findings);
            case ERROR_EVENT ->
                    record.outcome() == Outcome.BROKEN
                            || onlyTheClientMissedTheEnd(one, record, findings)
                            || contradicts(one, "the client was told an error", record, findings);
            case HTTP_ERROR -> refused(one, record, work, findings);
            case CONNECTION_BROKEN, HUNG -> {
                onlyTheClientMissedTheEnd(one, record, findings);
                yield true;
            }
        };
    }

    /// Who leaves pays for what was produced; who leaves after his provider's last word, for all.
    private static boolean left(
            Observation one, UsageRecord record, Work work, Rules rules, Findings findings) {
        boolean agrees =
                switch (record.outcome()) {
                    case CANCELLED -> true;
                    case COMPLETED -> work.mayHave(Ending.COMPLETED);
                    case BROKEN ->
                            rules.mayBreak().test(one) || work.mayHave(Ending.FAILED_ON_PURPOSE);
                };
        return agrees || contradicts(one, "the client left", record, findings);
    }

    /// An attempt may have spoken though its client heard nothing of it. One that never spoke has
    /// nothing to account for.
    private static boolean refused(
            Observation one, UsageRecord record, Work work, Findings findings) {
        boolean ofTheServer = one.heard().status() >= 500;
        if (ofTheServer && onlyTheClientMissedTheEnd(one, record, findings)) {
            return true;
        }
        if (ofTheServer && record.outcome() == Outcome.BROKEN && work.maySpeak()) {
            findings.note(one.id() + " was recorded as broken, and its client heard none of it");
            return true;
        }
        return contradicts(
                one, "the client was refused with " + one.heard().status(), record, findings);
    }

    private static boolean onlyTheClientMissedTheEnd(
            Observation one, UsageRecord record, Findings findings) {
        boolean complete = record.outcome() == Outcome.COMPLETED;
        if (complete) {
            findings.note(
                    one.id() + " was recorded as complete, but only its client missed the end");
        }
        return complete;
    }

    private static boolean contradicts(
            Observation one, String client, UsageRecord record, Findings findings) {
        findings.violation(
                Kind.USAGE_CONTRADICTS,
                one,
                client + ", the record says " + EveryUseIsRecorded.said(record));
        return false;
    }
}
