// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.openai.TokenUsage;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What was answered is recorded, once after dropping repeats by task.
final class EveryUseIsRecorded implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        evidence.usage()
                .ifPresent(
                        usage -> {
                            Map<String, List<UsageRecord>> byId = byRequestId(usage);
                            repeats(byId, findings);
                            for (Observation one : evidence.observations()) {
                                request(one, byId, findings);
                            }
                            if (rules.exclusive()) {
                                ofNobody(evidence.observations(), byId, findings);
                            }
                        });
    }

    /// In the order in which they came: the first one of a task counts.
    static Map<String, List<UsageRecord>> byRequestId(List<UsageRecord> usage) {
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

    static String said(UsageRecord record) {
        TokenUsage tokens = record.tokens();
        return "%s %s %d + %d"
                .formatted(record.outcome(), record.source(), tokens.input(), tokens.output());
    }

    private static void request(
            Observation one, Map<String, List<UsageRecord>> byId, Findings findings) {
        if (!byId.containsKey(one.heard().requestId())) {
            missing(one, findings);
        }
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
