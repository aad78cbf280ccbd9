// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.load.Observation;
import java.util.ArrayList;
import java.util.List;

/// Collects what the invariants find.
final class Findings {
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void violation(Violation.Kind kind, Observation request, String words) {
        violation(kind, request.id(), words);
    }

    void violation(Violation.Kind kind, String id, String words) {
        violations.add(new Violation(kind, id, words));
    }

    void note(String words) {
        notes.add(words);
    }

    Report report() {
        return new Report(violations, notes);
    }
}
