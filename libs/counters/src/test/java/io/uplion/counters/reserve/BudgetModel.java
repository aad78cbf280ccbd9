// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What should happen, in the plainest words: one thing after the other, and sums made anew each
/// time. It does everything to a store too, and compares.
final class BudgetModel {
    private static final List<Subject> ALL =
            List.of(
                    Purse.limited("key:a", 60),
                    Purse.limited("key:b", 100),
                    Purse.limited("account", 150));

    private final Purse purse;
    private final List<Ask> asks = new ArrayList<>();
    private final Map<Ask, Long> held = new HashMap<>();
    private final Map<Ask, Long> owed = new HashMap<>();
    private final Map<Ask, Long> billed = new HashMap<>();
    private long version = 1;

    /// @param what is done, to which of the tasks there are, with how much
    record Step(int what, int task, int amount) {}

    BudgetModel(Purse purse) {
        this.purse = purse;
        ALL.forEach(subject -> purse.open(subject.name(), 0, version));
    }

    void play(List<Step> steps) {
        for (var step : steps) {
            if (step.what() < 4 || asks.isEmpty()) {
                ask(step);
            } else {
                var ask = asks.get(step.task() % asks.size());
                switch (step.what()) {
                    case 4, 5 -> settle(ask, step.amount());
                    case 6 -> bill(ask);
                    case 7 -> renew(ask);
                    default -> askAgain(ask);
                }
            }
            for (var subject : ALL) {
                assertThat(spent(subject)).isLessThanOrEqualTo(limit(subject));
            }
        }
    }

    private void ask(Step step) {
        var subjects = step.task() % 2 == 0 ? List.of(ALL.get(0), ALL.get(2)) : ALL.subList(1, 3);
        var ask = purse.ask(step.amount(), subjects.toArray(Subject[]::new));
        var fits =
                subjects.stream().allMatch(subject -> sum(subject) + ask.nanos() <= limit(subject));

        var reserved = purse.reserve(ask);

        assertThat(reserved).isInstanceOf(fits ? Held.class : Refused.class);
        if (fits) {
            asks.add(ask);
            held.put(ask, ask.nanos());
        }
    }

    private void settle(Ask ask, long nanos) {
        purse.settle(ask, nanos);
        if (held.remove(ask) != null) {
            owed.put(ask, Math.min(nanos, ask.nanos()));
        }
    }

    /// Billing may have heard of a task before its end is noted; it charges what it held at most.
    private void bill(Ask ask) {
        if (!billed.containsKey(ask)) {
            var rest = held.remove(ask);
            var debt = owed.remove(ask);
            billed.put(ask, debt != null ? debt : rest / 2);
        }
        version++;
        for (var subject : ALL) {
            purse.billed(subject.name(), spent(subject), version, ask);
        }
    }

    private void renew(Ask ask) {
        var renewed = (Renewed.Done) purse.renew(ask);
        assertThat(renewed.over().isEmpty()).isEqualTo(held.containsKey(ask));
    }

    private void askAgain(Ask ask) {
        var expected = held.containsKey(ask) ? Held.class : Reserved.Over.class;
        assertThat(purse.reserve(ask)).isInstanceOf(expected);
    }

    private static long limit(Subject subject) {
        return subject.budget().orElseThrow().nanos();
    }

    private long sum(Subject subject) {
        return Stream.of(held, owed, billed).mapToLong(map -> sum(map, subject)).sum();
    }

    private long spent(Subject subject) {
        return sum(billed, subject);
    }

    private static long sum(Map<Ask, Long> amounts, Subject subject) {
        return amounts.entrySet().stream()
                .filter(entry -> entry.getKey().subjects().contains(subject))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
