// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What may be spent, held or asked for of each budget, at each moment: never less than it is. A
/// refusal is false where even that was within the budget for as long as the question took.
final class Possible {
    private final Map<String, List<Long>> sums = new HashMap<>();

    /// Counts for all who pay.
    ///
    /// @return the moment, for [#wasWithin]
    synchronized Map<String, Integer> change(Ask ask, long nanos) {
        Map<String, Integer> moment = new HashMap<>();
        for (Subject subject : ask.subjects()) {
            var past = sums.computeIfAbsent(subject.name(), _ -> new ArrayList<>(List.of(0L)));
            past.add(past.getLast() + nanos);
            moment.put(subject.name(), past.size() - 1);
        }
        return moment;
    }

    /// Since then, of all who pay.
    synchronized boolean wasWithin(Ask ask, Map<String, Integer> since) {
        return ask.subjects().stream()
                .allMatch(
                        subject -> {
                            var past = sums.get(subject.name());
                            var asked = past.subList(since.get(subject.name()), past.size());
                            long most = subject.budget().orElseThrow().nanos();
                            return asked.stream().allMatch(sum -> sum <= most);
                        });
    }

    synchronized long now(Subject subject) {
        return sums.get(subject.name()).getLast();
    }
}
