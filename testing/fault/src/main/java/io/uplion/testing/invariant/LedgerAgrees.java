// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What was used is billed once, by its price and never above its bound; what broke is free;
/// nothing is held at rest, and the books agree.
final class LedgerAgrees implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        evidence.books().ifPresent(books -> check(evidence, books, findings));
    }

    private static void check(Evidence evidence, Books books, Findings findings) {
        Map<UUID, List<LedgerRow>> rows =
                books.ledger().stream().collect(Collectors.groupingBy(LedgerRow::task));
        Map<UUID, UsageRecord> first = new HashMap<>();
        evidence.usage()
                .ifPresent(usage -> usage.forEach(it -> first.putIfAbsent(it.claim().task(), it)));
        first.forEach(
                (task, record) ->
                        task(record, rows.getOrDefault(task, List.of()), books, findings));
        if (evidence.usage().isPresent()) {
            ofNobody(rows.keySet(), first.keySet(), findings);
        }
        answers(evidence.observations(), rows, findings);
        books.held().forEach(held -> findings.violation(Kind.MONEY_HELD, "counters", held));
        books.differences().forEach(it -> findings.violation(Kind.BOOKS_DIFFER, "books", it));
    }

    private static void task(
            UsageRecord record, List<LedgerRow> rows, Books books, Findings findings) {
        String id = Task.requestId(record.claim().task());
        if (rows.isEmpty()) {
            findings.violation(Kind.LEDGER_MISSING, id, "it was recorded and is not billed");
        } else if (rows.size() > 1) {
            findings.violation(Kind.LEDGER_DOUBLED, id, rows.size() + " rows in the ledger");
        } else if (!isOf(rows.getFirst(), record)) {
            findings.violation(
                    Kind.LEDGER_CONTRADICTS,
                    id,
                    "the first record says %s of attempt %d, the ledger %s"
                            .formatted(
                                    EveryUseIsRecorded.said(record),
                                    record.claim().attempt(),
                                    rows.getFirst()));
        } else {
            charge(record, rows.getFirst(), books.givenUp(), findings);
        }
    }

    private static boolean isOf(LedgerRow row, UsageRecord record) {
        return row.attempt() == record.claim().attempt()
                && row.outcome() == record.outcome()
                && row.tokens().equals(record.tokens());
    }

    private static void charge(
            UsageRecord record, LedgerRow row, Set<UUID> givenUp, Findings findings) {
        long cost =
                record.outcome() == Outcome.BROKEN
                        ? 0
                        : record.claim().price().cost(record.tokens());
        long due =
                givenUp.contains(row.task())
                        ? 0
                        : Math.min(cost, record.claim().cap().orElse(Long.MAX_VALUE));
        if (row.nanos() != due || row.absorbed() != cost - due) {
            findings.violation(
                    Kind.CHARGE_WRONG,
                    Task.requestId(row.task()),
                    "%d is due and %d more to absorb, the ledger says %d and %d"
                            .formatted(due, cost - due, row.nanos(), row.absorbed()));
        }
    }

    private static void ofNobody(Set<UUID> billed, Set<UUID> used, Findings findings) {
        billed.stream()
                .filter(task -> !used.contains(task))
                .sorted()
                .forEach(
                        task ->
                                findings.violation(
                                        Kind.LEDGER_OF_NOBODY,
                                        Task.requestId(task),
                                        "billed, and never recorded"));
    }

    /// Whoever has a whole answer has paid for a whole answer, whatever the usage queue says.
    private static void answers(
            List<Observation> observations, Map<UUID, List<LedgerRow>> rows, Findings findings) {
        Set<String> whole =
                rows.values().stream()
                        .flatMap(List::stream)
                        .filter(row -> row.outcome() == Outcome.COMPLETED)
                        .map(row -> Task.requestId(row.task()))
                        .collect(Collectors.toSet());
        observations.stream()
                .filter(one -> one.is(End.Kind.COMPLETED))
                .filter(one -> !whole.contains(one.heard().requestId()))
                .forEach(
                        one ->
                                findings.violation(
                                        Kind.LEDGER_MISSING, one, "a whole answer, not billed"));
    }
}
