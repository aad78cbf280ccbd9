// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.List;
import java.util.UUID;

/// What a task needs. Whoever reserves keeps it: renewing and settling take it again, so that a
/// store that has lost everything gets it back.
///
/// @param task told apart from every other for ever
/// @param subjects who pays, each name once
/// @param tokens how many it will use at most, as far as one knows
/// @param nanos what it will cost at most, in billionths of the currency: more is never charged
public record Ask(UUID task, UUID account, List<Subject> subjects, long tokens, long nanos) {
    public Ask {
        subjects = List.copyOf(subjects);
        if (tokens < 0) {
            throw new IllegalArgumentException("an ask for " + tokens + " tokens");
        }
        if (nanos < 0 || nanos > Budget.MOST) {
            throw new IllegalArgumentException("an ask for " + nanos + " billionths");
        }
        if (subjects.stream().map(Subject::name).distinct().count() < subjects.size()) {
            throw new IllegalArgumentException("a subject that pays twice");
        }
    }

    /// Who has a budget: their counters.
    List<Counter> counters() {
        return subjects.stream()
                .flatMap(
                        subject ->
                                subject.budget().stream()
                                        .map(budget -> budget.period())
                                        .map(period -> new Counter(subject.name(), period)))
                .toList();
    }
}
