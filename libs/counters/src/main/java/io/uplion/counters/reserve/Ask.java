// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.ArrayList;
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
        if (hasTwins(subjects)) {
            throw new IllegalArgumentException("a subject that pays twice");
        }
    }

    /// Of the few that there are.
    private static boolean hasTwins(List<Subject> subjects) {
        for (int i = 1; i < subjects.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (subjects.get(i).name().equals(subjects.get(j).name())) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Who has a budget: their counters.
    List<Counter> counters() {
        List<Counter> counters = new ArrayList<>(subjects.size());
        for (Subject subject : subjects) {
            if (subject.budget().isPresent()) {
                counters.add(new Counter(subject.name(), subject.budget().get().period()));
            }
        }
        return counters;
    }
}
