// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.openai.TokenUsage;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What was answered is recorded, once after dropping repeats by task, and as it was.
final class EveryUseIsRecorded implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        evidence.usage()
                .ifPresent(
                        usage -> {
                            Map<String, List<UsageRecord>> byId = byRequestId(usage);
                            repeats(byId, findings);
                            for (Observation one : evidence.observations()) {
                                request(one, byId, rules, findings);
                            }
                            if (rules.exclusive()) {
                                ofNobody(evidence.observations(), byId, findings);
                            }
                        });
    }

    private static Map<String, List<UsageRecord>> byRequestId(List<UsageRecord> usage) {
        return usage.stream()
                .collect(
                        Collectors.groupingBy(
                                record -> Task.requestId(record.claim().task()),
                                LinkedHashMap::new,
                                Collectors.toList()));
    }

    private static void repeats(Map<String, List<UsageRecord>> byId, Findings findings) {
        int equal = 0;
        for (Map.Entry<String, List<UsageRecord>> task : byId.entrySet()) {
            List<UsageRecord> records = task.getValue();
            Set<Integer> attempts =
                    records.stream()
                            .map(record -> record.claim().attempt())
                            .collect(Collectors.toSet());
            if (attempts.size() > 1) {
                findings.violation(
                        Kind.USAGE_DOUBLED, task.getKey(), "records of the attempts " + attempts);
            } else if (records.stream().map(EveryUseIsRecorded::said).distinct().count() > 1) {
                String all =
                        records.stream()
                                .map(EveryUseIsRecorded::said)
                                .collect(Collectors.joining(", then "));
                findings.note(task.getKey() + " was recorded as " + all + "; the first counts");
            } else if (records.size() > 1) {
                equal++;
            }
        }
        if (equal > 0) {
            findings.note(equal + " tasks were recorded more than once, each time the same");
        }
    }

    private static String said(UsageRecord record) {
        TokenUsage tokens = record.tokens();
        return "%s %s %d + %d"
                .formatted(record.outcome(), record.source(), tokens.input(), tokens.output());
    }

    private static void request(
            Observation one, Map<String, List<UsageRecord>> byId, Rules rules, Findings findings) {
        List<UsageRecord> records = byId.getOrDefault(one.heard().requestId(), List.of());
        if (records.isEmpty()) {
            missing(one, findings);
            return;
        }
        UsageRecord first = records.getFirst();
        if (one.is(End.Kind.COMPLETED)) {
            if (first.outcome() == Outcome.COMPLETED) {
                tokens(one, first, rules, findings);
            } else {
                findings.violation(
                        Kind.USAGE_CONTRADICTS,
                        one,
                        "the client has the whole answer, the record says " + said(first));
            }
        } else if (first.outcome() == Outcome.COMPLETED && failed(one)) {
            findings.note(
                    one.id() + " was recorded as complete, but only its client missed the end");
        }
    }

    private static boolean failed(Observation one) {
        return one.is(End.Kind.ERROR_EVENT) || one.is(End.Kind.HTTP_ERROR);
    }

    /// Whoever heard a part of an answer heard an attempt whose worker has said that it accounts
    /// for it.
    private static void missing(Observation one, Findings findings) {
        long parts =
                one.heard().frames().stream().map(Frame::kind).filter(Frame.Kind::isAnswer).count();
        if (parts > 0) {
            findings.violation(
                    Kind.USAGE_MISSING,
                    one,
                    one.end().kind() + " after " + parts + " parts of an answer, no record of it");
        }
    }

    private static void tokens(
            Observation one, UsageRecord record, Rules rules, Findings findings) {
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
            findings.violation(
                    Kind.USAGE_TOKENS_WRONG,
                    one,
                    "%s%d + %d tokens, the record says %d + %d"
                            .formatted(
                                    words,
                                    seen.input(),
                                    seen.output(),
                                    recorded.input(),
                                    recorded.output()));
        }
    }

    /// A client that never had an answer's head does not know its request's id.
    private static void ofNobody(
            List<Observation> observations,
            Map<String, List<UsageRecord>> byId,
            Findings findings) {
        Set<String> strangers = new HashSet<>(byId.keySet());
        observations.forEach(one -> strangers.remove(one.heard().requestId()));
        long unknown =
                observations.stream().filter(one -> one.heard().requestId().isEmpty()).count();
        if (strangers.size() > unknown) {
            strangers.stream()
                    .sorted()
                    .forEach(
                            id ->
                                    findings.violation(
                                            Kind.USAGE_OF_NOBODY,
                                            id,
                                            "recorded, and no client sent it"));
        }
    }
}
