// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.load.Observation;
import io.uplion.testing.provider.Ending;
import java.util.List;
import java.util.OptionalLong;

/// What providers did for one request.
///
/// @param whole there was nothing else: none of them has forgotten a call
record Work(List<ProviderCall> calls, boolean whole) {
    static Work of(Observation one, List<ProviderRecord> providers) {
        List<ProviderCall> calls =
                providers.stream()
                        .flatMap(provider -> provider.calls().stream())
                        .filter(call -> call.marker().equals(one.sent().marker()))
                        .toList();
        boolean whole = !providers.isEmpty() && providers.stream().allMatch(ProviderRecord::whole);
        return new Work(calls, whole);
    }

    /// Whether a call may have ended so.
    boolean mayHave(Ending ending) {
        return !whole
                || calls.stream()
                        .anyMatch(
                                call ->
                                        call.outcome()
                                                .filter(outcome -> outcome.ending() == ending)
                                                .isPresent());
    }

    /// Whether a call may have begun an answer.
    boolean maySpeak() {
        return !whole || calls.stream().anyMatch(Work::spoke);
    }

    private static boolean spoke(ProviderCall call) {
        return call.outcome()
                .map(
                        outcome ->
                                outcome.tokens() > 0
                                        || outcome.ending() != Ending.FAILED_ON_PURPOSE)
                .orElse(true);
    }

    /// What the call that produced the most has produced; empty where that cannot be told, or not
    /// yet.
    OptionalLong produced() {
        boolean known = whole && calls.stream().allMatch(call -> call.outcome().isPresent());
        return known
                ? OptionalLong.of(
                        calls.stream()
                                .mapToLong(call -> call.outcome().orElseThrow().tokens())
                                .max()
                                .orElse(0))
                : OptionalLong.empty();
    }
}
